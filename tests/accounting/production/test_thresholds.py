"""Published values: dated, sourced, in one boundary each."""

import datetime

from h2corridor.accounting.production.thresholds import all_thresholds, list_thresholds


def test_a_value_holds_from_its_day() -> None:
    before = {each.id for each in list_thresholds(datetime.date(2020, 12, 28))}
    on = {each.id for each in list_thresholds(datetime.date(2020, 12, 29))}

    assert set() == before
    assert {"tcab0078-low-carbon", "tcab0078-clean", "tcab0078-renewable"} == on


def test_the_values_are_those_that_were_read() -> None:
    assert {
        "tcab0078-low-carbon": ("14.51", "kgCO2e/kg", "gate"),
        "tcab0078-clean": ("4.9", "kgCO2e/kg", "gate"),
        "tcab0078-renewable": ("4.9", "kgCO2e/kg", "gate"),
        "eu-rfnbo": ("28.2", "gCO2e/MJ", "nozzle"),
        "uk-lchs": ("20", "gCO2e/MJ", "gate"),
    } == {each.id: (each.value, each.unit, each.boundary) for each in all_thresholds()}


def test_an_id_stands_once() -> None:
    ids = [each.id for each in all_thresholds()]

    assert len(set(ids)) == len(ids)
