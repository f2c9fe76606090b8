"""Step 13, the statement's own words: what the records give holds, and one other word does not."""

from collections.abc import Callable
from typing import Any

import pytest
from h2verify.bundle.activity import verify_stated
from h2verify.errors import BundleError
from made_records import TRUCK, made_groups, made_statement, record_of

Statement = dict[str, Any]
NOTE = {"en": "hub HUB has no operations on 2026-03-02", "zh": "枢纽 HUB 当日（2026-03-02）无作业数据"}


def _refusal(statement: Statement) -> BundleError:
    with pytest.raises(BundleError) as refused:
        verify_stated(made_groups(), statement)
    return refused.value


def _consignment(**values: Any) -> Callable[[Statement], Any]:
    return lambda statement: statement["consignment"].update(values)


def _trial(**values: Any) -> Callable[[Statement], Any]:
    return lambda statement: statement["trial"].update(values)


def _notes(change: Callable[[list[dict[str, str]]], Any]) -> Callable[[Statement], Any]:
    return lambda statement: change(statement["not_covered"])


def _site(site_id: str) -> dict[str, Any]:
    return {"name_en": None, "name_zh": None, "site_id": site_id}


ONE_WORD: dict[str, tuple[str, Callable[[Statement], Any]]] = {
    "nothing is left out": ("$.not_covered[0]", _notes(lambda notes: notes.clear())),
    "more is left out": ("$.not_covered[1]", _notes(lambda notes: notes.append(NOTE))),
    "it is said twice": ("$.not_covered[1]", _notes(lambda notes: notes.append(notes[0]))),
    "something else is left out": ("$.not_covered[0].en", _notes(lambda notes: notes.__setitem__(0, NOTE))),
    "it is said in English alone": ("$.not_covered[0].zh", _notes(lambda notes: notes[0].update(zh=""))),
    "another origin": ("$.consignment.origin_site.site_id", _consignment(origin_site=_site("PORT"))),
    "another destination": ("$.consignment.destination_site.site_id", _consignment(destination_site=_site("PORT"))),
    "another mass": ("$.consignment.mass_kg", _consignment(mass_kg="20001")),
    "the same mass in another text": ("$.consignment.mass_kg", _consignment(mass_kg="20000.0")),
    "one mode alone": ("$.consignment.modes[1]", _consignment(modes=["road"])),
    "modes in another order": ("$.consignment.modes[0]", _consignment(modes=["rail", "road"])),
    "an earlier departure": ("$.consignment.departed_at", _consignment(departed_at="2026-03-02T07:59:59+08:00")),
    "a later arrival": ("$.consignment.arrived_at", _consignment(arrived_at="2026-03-03T12:00:00+08:00")),
    "another zone": ("$.consignment.arrived_at", _consignment(arrived_at="2026-03-02T12:00:00Z")),
    "half a second later": ("$.consignment.arrived_at", _consignment(arrived_at="2026-03-02T12:00:00.5+08:00")),
    "a microsecond later": ("$.consignment.arrived_at", _consignment(arrived_at="2026-03-02T12:00:00.000001+08:00")),
    "a day that is none": ("$.consignment.arrived_at", _consignment(arrived_at="2026-02-30T12:00:00+08:00")),
    "no arrival": ("$.consignment.arrived_at", _consignment(arrived_at=None)),
    "another trial": ("$.trial.trial_id", _trial(trial_id="OTHER")),
    "an earlier period": ("$.trial.period_start", _trial(period_start="2026-03-01T00:00:00+08:00")),
    "no period": ("$.trial.period_start", _trial(period_start=None)),
}  # fmt: skip


def test_what_the_records_give_holds() -> None:
    verify_stated(made_groups(), made_statement())


def test_an_instant_may_be_written_at_another_offset() -> None:
    statement = made_statement()
    statement["consignment"].update(departed_at="2026-03-02T00:00:00Z", arrived_at="2026-03-02T12:00:00.000+08:00")

    verify_stated(made_groups(), statement)


@pytest.mark.parametrize("name", ONE_WORD)
def test_one_other_word_is_refused_at_its_place(name: str) -> None:
    where, change = ONE_WORD[name]
    statement = made_statement()
    change(statement)
    error = _refusal(statement)

    assert ("activity.statement", where) == (error.code, error.where)


def test_the_refusal_says_what_the_records_give() -> None:
    statement = made_statement()
    statement["consignment"]["mass_kg"] = "1"

    assert 'the records give "20000", the statement says "1".' == _refusal(statement).fault


def test_a_second_is_counted_from_its_beginning() -> None:
    groups = made_groups()
    record_of(groups, TRUCK, "leg")["departed_at_ms"] += 999

    verify_stated(groups, made_statement())
