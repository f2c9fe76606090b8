"""What findings say, whatever their place."""

import pytest

from h2corridor.app.sayings import ROWS_APART_MAX, Sayings, finding_sayings
from h2corridor.model.findings import Finding

SEED = bytes(range(32))
TABLE = "consignments.csv"
HEADER = "consignment_id,goods,mass_kg"
ROWS = ("C1,steel,100", "C2,glass,", 'C3,"paper, white",300')
FRAMES = "telemetry/LTEST000000000001/2026-03-02.csv.gz"


class _Received:
    """A data set of one table."""

    def __init__(self, *lines: str) -> None:
        self._content = "".join(f"{line}\n" for line in lines).encode()

    def list_paths(self) -> tuple[str, ...]:
        return (TABLE,)

    def read_bytes(self, path: str) -> bytes | None:
        return self._content if path == TABLE else None


def _finding(row: int | None = 1, last_row: int | None = None, **params: str) -> Finding:
    return Finding(check="freight.mass-declared", file=TABLE, row=row, last_row=last_row, params=params)


def _say(*findings: Finding, lines: tuple[str, ...] = (HEADER, *ROWS), seed: bytes = SEED) -> list[Sayings]:
    return finding_sayings(findings, _Received(*lines), seed)


def test_a_row_that_moved_says_the_same() -> None:
    before = _say(_finding(1))

    assert before == _say(_finding(2), lines=(HEADER, "C0,new,1", *ROWS))
    assert before == _say(_finding(3), lines=(HEADER, *reversed(ROWS)))
    assert before != _say(_finding(2))


def test_columns_in_another_order_quotes_and_an_empty_column_more_say_the_same() -> None:
    lines = ("\ufeffgoods,consignment_id,note,mass_kg", '"steel","C1",,100')

    assert _say(_finding(1)) == _say(_finding(1), lines=lines)


@pytest.mark.parametrize("row", ["C1,steel,101", "C1,steel,", "C1,steel,100,more", "C1,100,steel", ""])
def test_a_row_with_other_cells_says_something_else(row: str) -> None:
    assert _say(_finding(1)) != _say(_finding(1), lines=(HEADER, row))


def test_what_the_finding_says_is_said_but_for_the_row_that_its_text_names() -> None:
    assert _say(_finding(share_pct="5.3")) != _say(_finding(share_pct="5.4"))
    assert _say(_finding(key="C1", first_row="1")) == _say(_finding(key="C1", first_row="2"))
    assert _say(_finding(consignments="C1 + C2")) == _say(_finding(consignments="C2 + C1"))


def test_a_run_says_of_each_of_its_rows_what_the_row_alone_says() -> None:
    alone = _say(_finding(1)) + _say(_finding(2)) + _say(_finding(3))

    assert [tuple(said for (said,) in alone)] == _say(_finding(1, 3))


def test_equal_rows_are_told_apart_and_their_order_is_nothing() -> None:
    lines = (HEADER, ROWS[0], ROWS[1], ROWS[0])
    first, second = _say(_finding(1), _finding(3), lines=lines)

    assert first == _say(_finding(1))[0]
    assert first != second
    assert [(*first, *second)] == _say(_finding(1, 2), lines=(HEADER, ROWS[0], ROWS[0]))


def test_a_longer_run_says_one_thing_of_all_its_rows_whatever_their_order() -> None:
    rows = [f"C{row},steel,1" for row in range(ROWS_APART_MAX + 2)]
    longest, longer, other = _say(
        _finding(1, ROWS_APART_MAX),
        _finding(1, ROWS_APART_MAX + 1),
        _finding(2, ROWS_APART_MAX + 2),
        lines=(HEADER, *rows),
    )

    assert (ROWS_APART_MAX, 1, 1) == (len(longest), len(longer), len(other))
    assert longer != other
    assert longer == _say(_finding(2, ROWS_APART_MAX + 2), lines=(HEADER, *reversed(rows)))[0]


def test_without_the_seed_a_row_cannot_be_tried() -> None:
    assert _say(_finding(1)) != _say(_finding(1), seed=bytes(32))
    assert _say(_finding(None)) == _say(_finding(None), seed=bytes(32))


def test_a_row_of_telemetry_counts_by_its_time_and_without_one_by_its_number() -> None:
    def said(row: int, at: str | None) -> list[Sayings]:
        return _say(Finding(check="frame.truncated", file=FRAMES, row=row, last_row=row + 1, at=at))

    assert said(7, "2026-03-02T08:00:00+08:00") == said(9, "2026-03-02T08:00:00+08:00")
    assert said(7, "2026-03-02T08:00:00+08:00") != said(7, "2026-03-02T08:00:10+08:00")
    assert said(7, None) != said(9, None)
