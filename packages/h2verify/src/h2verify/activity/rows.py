"""The two rows there is one of for every frame, lean enough for a hundred thousand of them in memory.

Both are mappings from column to value, as the plain dictionaries of the small tables are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_USE_COLUMNS = ("use", "at_s", "clock_off")


@dataclass(slots=True, eq=False)
class FrameUse(Mapping[str, Any]):
    """A received frame and what it counts as: `use`, `at_s` (None unless it carries a reading), `clock_off`."""

    frame: Mapping[str, Any]
    use: str
    at_s: int | None = None
    clock_off: int = 0

    def __getitem__(self, column: str) -> Any:
        return getattr(self, column) if column in _USE_COLUMNS else self.frame[column]

    def __iter__(self) -> Iterator[str]:
        yield from self.frame
        yield from _USE_COLUMNS

    def __len__(self) -> int:
        return len(self.frame) + len(_USE_COLUMNS)


@dataclass(slots=True, eq=False, kw_only=True)
class Reading(Mapping[str, Any]):
    """A frame that counts, scaled to integers of one unit.

    From `silence_s` on: what lies between it and the readings beside it, filled in by `add_steps`.
    """

    vin: str
    seq: int
    at_s: int
    file: str
    row: int
    clock_off: int
    speed: int | None
    odometer: int | None
    soc_pct: int | None
    cell_current: int | None
    stack_power: int | None
    pressure_kpa: int | None
    temperature_dc: int | None
    longitude_e6: int | None
    latitude_e6: int | None
    coordinate_system: int | None
    silence_s: int = 0
    charge_twice: int = 0
    energy_twice: int = 0
    unobserved_s: int = 0
    distance_ninths_mm: int = 0
    distance_unknown: int = 0
    odometer_unit: int = 1
    odometer_step: int | None = None
    speed_ninths_mm: int = 0
    frozen: int = 0
    stays: int = 0

    def __getitem__(self, column: str) -> Any:
        if column not in _READING_COLUMNS:
            raise KeyError(column)
        return getattr(self, column)

    def __iter__(self) -> Iterator[str]:
        return iter(_READING_COLUMNS)

    def __len__(self) -> int:
        return len(_READING_COLUMNS)


_READING_COLUMNS = tuple(Reading.__dataclass_fields__)
