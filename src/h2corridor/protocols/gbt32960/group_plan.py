"""A layout compiled for arrays: one structured type gives each column of all its frames as a view."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from h2verify.gbt32960.plan import LayoutPlan, ListPlaces, Place, plan_layout
from h2verify.gbt32960.rows import CURRENT_ABNORMAL
from numpy.typing import NDArray

from .columns import Bools, Bytes, ColumnsBuilder


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlan:
    """How all frames of one layout and length are read.

    `structure` are the offsets of the bytes that must be those of `expected`; where `is_regular` is false, such frames
    are left to the reference. `sums` and `lists` are parts of `record` by the column they make.
    """

    is_regular: bool
    structure: NDArray[np.intp]
    expected: Bytes
    record: np.dtype[np.void]
    columns: tuple[str, ...]
    constants: Mapping[str, int]
    sums: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, ListPlaces]

    def agrees(self, matrix: Bytes) -> Bools:
        """Which frames, one a row of bytes, are of this layout."""
        agrees: Bools = (matrix[:, self.structure] == self.expected).all(axis=1)
        return agrees

    def put(self, matrix: Bytes, out: ColumnsBuilder) -> None:
        """Puts all columns that stand in items; the frames lie one after another in memory."""
        frames = matrix.reshape(-1).view(self.record)
        for name, constant in self.constants.items():
            out.put(name, constant)
        for name in self.columns:
            out.put(name, frames[name])
        for name, fields in self.sums.items():
            parts = np.stack([frames[field] for field in fields]).astype(np.int64)
            known: Bools = np.all(parts < CURRENT_ABNORMAL, axis=0)
            out.put(name, parts.sum(axis=0), known)
        for name, places in self.lists.items():
            _put_extremes(matrix, name, places, out)


def make_group_plan(frame: bytes, year: int) -> GroupPlan:
    """The plan of all frames that are built like `frame`: real-time, in clear, whole."""
    layout = plan_layout(frame, year)
    structure = np.array(layout.structure, dtype=np.intp)
    sums = {name: tuple(f"{name} {number}" for number in range(len(parts))) for name, parts in layout.sums.items()}
    return GroupPlan(
        is_regular=layout.is_regular,
        structure=structure,
        expected=np.frombuffer(frame, dtype=np.uint8)[structure],
        record=_record(layout, sums, len(frame)),
        columns=tuple(layout.places),
        constants=layout.constants,
        sums=sums,
        lists=layout.lists,
    )


def _record(layout: LayoutPlan, sums: Mapping[str, tuple[str, ...]], length: int) -> np.dtype[np.void]:
    """The structured type of a frame: big-endian integers at their offsets."""
    places: dict[str, Place] = dict(layout.places)
    for name, parts in layout.sums.items():
        places |= zip(sums[name], parts, strict=True)
    return np.dtype(
        {
            "names": list(places),
            "formats": [f">u{place.width}" for place in places.values()],
            "offsets": [place.offset for place in places.values()],
            "itemsize": length,
        }
    )


def _put_extremes(matrix: Bytes, name: str, lists: ListPlaces, out: ColumnsBuilder) -> None:
    """Puts the highest and the lowest value of lists, without sentinels; nothing where there is no other value.

    Sentinels are the highest values: the lowest of all is the lowest known one wherever one is known.
    """
    spans = [matrix[:, start : start + count * lists.width] for start, count in lists.spans if count]
    packed = spans[0] if len(spans) == 1 else np.concatenate(spans, axis=1)
    values = np.ascontiguousarray(packed).view(f">u{lists.width}").astype(f"u{lists.width}")
    lowest, highest = values.min(axis=1), values.max(axis=1)
    with_sentinels = highest >= lists.abnormal
    if with_sentinels.any():
        some = values[with_sentinels]
        highest[with_sentinels] = np.where(some < lists.abnormal, some, 0).max(axis=1)
    known = lowest < lists.abnormal
    out.put(f"{name}_max_raw", highest, known)
    out.put(f"{name}_min_raw", lowest, known)
