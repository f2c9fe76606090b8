"""Times read in arrays are the times read one by one."""

from datetime import datetime, timedelta, timezone

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from h2corridor.intake.cells import parse_instant_ms
from h2corridor.intake.received_times import read_received_times

_DIGITS = st.integers(0, 99).map("{:02d}".format)
_YEARS = st.sampled_from(["2026", "2024", "1900", "2000", "0000", "9999"])
_FRACTIONS = st.sampled_from(["", ".250", ".2500", ".2505", ".25"])
_OFFSETS = st.sampled_from(["Z", "+08:00", "-09:30", "+14:01", "+08:60", "", "08:00"])
_ODD = st.tuples(_YEARS, _DIGITS, _DIGITS, _DIGITS, _DIGITS, _DIGITS, _FRACTIONS, _OFFSETS).map(
    lambda part: f"{part[0]}-{part[1]}-{part[2]}T{part[3]}:{part[4]}:{part[5]}{part[6]}{part[7]}"
)
_TRUE = st.builds(
    lambda at, minutes, spec: at.replace(tzinfo=timezone(timedelta(minutes=minutes))).isoformat(timespec=spec),
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)),  # noqa: DTZ001 - the offset is drawn beside it
    st.integers(-840, 840),
    st.sampled_from(["seconds", "milliseconds"]),
)


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.one_of(_TRUE, _ODD, st.text(max_size=40)), min_size=1, max_size=12))
@example(texts=["2024-02-29T23:59:59.999Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2000-02-29T00:00:00Z"])
@example(
    texts=["0001-01-02T08:00:00+08:00", "0001-01-01T23:59:59Z", "9999-12-31T16:00:00.000Z", "9999-12-31T15:59:59Z"]
)
def test_arrays_and_single_readings_agree(texts: list[str]) -> None:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([len(each) for each in encoded], dtype=np.int64)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1]))
    instants, known = read_received_times(np.frombuffer(b"".join(encoded), dtype=np.uint8), starts, ends)
    one_by_one = [parse_instant_ms(text) for text in texts]

    assert [isinstance(each, int) for each in one_by_one] == known.tolist()
    assert [each if isinstance(each, int) else 0 for each in one_by_one] == instants.tolist()


@settings(max_examples=200, deadline=None)
@given(text=_TRUE)
def test_an_instant_is_the_one_of_the_standard_library(text: str) -> None:
    whole = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - beside timezone(...)

    assert whole // timedelta(milliseconds=1) == parse_instant_ms(text)
