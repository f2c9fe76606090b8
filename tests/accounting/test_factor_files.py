"""Factor files are read strictly, are one table with their edition's own, and leave old figures as they were."""

import datetime
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from factor_examples import PACK, entry, pack
from h2verify import canonical
from hypothesis import given, settings
from hypothesis import strategies as st

from h2corridor.accounting.kernel import (
    Dated,
    Edition,
    Given,
    Resolver,
    Scope,
    Scopes,
    list_factor_faults,
    read_factor_pack,
    value_digest,
)
from h2corridor.accounting.publishing import parameters_document
from h2corridor.app.rules import get_rule_set, read_edition, show_rule_set
from h2corridor.model.errors import InputError, RuleError

OLD = Path(__file__).parent / "old_editions"
GRID = "electricity_wtt_kgco2e_per_kwh"
SECOND = entry(GRID, "0.6", region="Land", from_="2025-01-01")


def altered(**files: bytes) -> Edition:
    """The draft edition with further files in its folder."""
    sound = get_rule_set("iso14083@2023.1")
    added = {name.replace("__", "."): data for name, data in files.items()}
    return Edition(files={**sound.files, **added}, rules=sound.rules, about="altered")


def test_a_value_of_a_factor_file_bears_its_label_and_the_files_licence_or_its_own() -> None:
    data = pack(entry("a_wtt_kgco2e_per_kwh", "1"), entry("b_wtt_kgco2e_per_kwh", "2", licence="of its own"))
    listed = read_factor_pack(data, about="own.toml").parameters.listed

    assert [("own-factors/2026.1", "invented, free to use"), ("own-factors/2026.1", "of its own")] == [
        (each.pack, each.licence) for each in listed
    ]


def test_the_digest_of_a_pack_is_that_of_its_bytes() -> None:
    data = pack(SECOND)

    assert hashlib.sha256(data).hexdigest() == read_factor_pack(data, about="own.toml").digest


def test_the_values_of_factor_files_are_published_with_the_editions_own_and_each_has_a_digest() -> None:
    edition = altered(factors_own_factors__toml=pack(SECOND))
    published = canonical.parse_canonical(parameters_document(edition))
    shown = {value_digest(each): each for each in edition.parameters.listed}

    assert {"china-electricity/2026.1", "fuels/2026.1", "own-factors/2026.1", None} == {
        each.get("pack") for each in published["parameters"]
    }
    assert len(shown) == len(published["parameters"])
    for each in published["parameters"]:
        assert each["value"] == shown[hashlib.sha256(canonical.encode(each)).hexdigest()].value


def test_the_digest_of_every_value_is_shown_with_the_edition() -> None:
    shown = show_rule_set("iso14083@2023.1")
    digests = {each["digest"] for each in [*shown["parameters"], *shown["constants"]]}

    assert len(shown["parameters"]) + len(shown["constants"]) == len(digests)
    assert ["china-electricity/2026.1", "fuels/2026.1"] == [each["label"] for each in shown["packs"]]
    assert all(each["licence"] for each in shown["parameters"] if each["pack"])


def test_every_province_lies_in_china_by_way_of_a_region_of_a_level_between() -> None:
    parameters = get_rule_set("iso14083@2023.1").parameters
    split_between_two_grids = "Inner Mongolia"
    provinces = [name for name, level in parameters.levels.items() if level == "provincial"]

    assert 31 == len(provinces)
    for province in provinces:
        wider = parameters.regions[province]
        expected = ("national", None) if province == split_between_two_grids else ("regional", "China")

        assert expected == (parameters.levels[wider], parameters.regions.get(wider))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("electricity_avg_kgCO2_per_kWh", {"national": "China", "region": " China", "province": ""}),
        ("electricity_life_cycle_kgCO2e_per_kWh", {"national": "China"}),
    ],
)
def test_chinas_factors_by_year_and_region_are_those_that_were_found(
    cases_dir: Path, name: str, expected: dict[str, str]
) -> None:
    found = json.loads((cases_dir / "iso14083" / "china_factors.json").read_bytes())[name]
    boundary = "life_cycle" if "life_cycle" in name else "direct"
    parameters = get_rule_set("iso14083@2023.1").parameters
    count = 0
    for kind, suffix in expected.items():
        table = {suffix: found[kind]} if kind == "national" else {f"{k}{suffix}": v for k, v in found[kind].items()}
        for region, values in table.items():
            for year, value in values.items():
                on = datetime.date(int(year), 7, 1)
                chosen = parameters.select_parameter(GRID, on=on, region=region, boundary=boundary)
                count += 1

                assert (value, 0, region) == (chosen.parameter.value, chosen.age_years, chosen.parameter.region)

    assert (44 if boundary == "direct" else 2) == count


BAD_ENTRIES: dict[str, bytes] = {
    "missing required field `unit`": pack(SECOND.replace('unit = "kgCO2e/kWh"\n', "")),
    "unknown field `note`": pack(SECOND + 'note = "x"\n'),
    "matching regex": pack(entry(GRID, "1e3")),
    "pack is written by the reader": pack(entry(GRID, "1", pack="china-electricity/2026.1")),
    "a factor needs a boundary": pack(SECOND.replace('boundary = "life_cycle"\n', "")),
    "it ends before it begins": pack(entry(GRID, "1", until="2023-01-01")),
    "max_age_years needs an until": pack(entry(GRID, "1", max_age_years=2)),
    "its name says kgCO2e/kwh": pack(entry(GRID, "1", unit="kgCO2e/MJ")),
    "a factor of operation (ttw) is of boundary direct": pack(entry("gas_ttw_kgco2e_per_mj", "1", unit="kgCO2e/MJ")),
    "a range_pct above 100": pack(entry(GRID, "1", range_pct="100.1", range_source="made")),
    "two values hold on 2025-01-01": pack(entry(GRID, "1", region="Land"), SECOND),
    "missing required field `licence`": pack(SECOND).replace(b'licence = "invented, free to use"\n', b""),
    "expected 1 to 20000 entries": PACK.encode(),
    "a table that is not known": pack(SECOND) + b"\n[notes]\n",
    "Invalid enum value 'town'": pack(SECOND, levels={"Land": "town"}),
}


@pytest.mark.parametrize("fault", BAD_ENTRIES)
def test_a_file_with_one_fault_is_refused_and_the_fault_is_named(fault: str) -> None:
    (found,) = list_factor_faults(BAD_ENTRIES[fault], about="own.toml")
    with pytest.raises(InputError) as caught:
        read_factor_pack(BAD_ENTRIES[fault], about="own.toml")

    assert "factors.bad-entry" == caught.value.code
    assert fault in caught.value.message
    assert fault in found.says_en


@pytest.mark.parametrize("data", [b"\xff", b"[pack", b'pack = "x'])
def test_what_is_no_toml_is_refused(data: bytes) -> None:
    for read in (read_factor_pack, list_factor_faults):
        with pytest.raises(InputError) as caught:
            read(data, about="own.toml")

        assert "factors.unreadable" == caught.value.code


@settings(deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 40), st.text(max_size=6)), max_size=4))
def test_a_file_that_was_damaged_is_read_whole_or_refused_with_its_faults(cuts: list[tuple[int, int, str]]) -> None:
    first = entry(GRID, "0.5", region="Land", until="2024-12-31")
    text = pack(first, SECOND, levels={"Land": "national"}).decode("utf-8")
    for start, length, put in cuts:
        text = text[:start] + put + text[start + length :]
    data = text.encode("utf-8", errors="surrogatepass")
    try:
        read_factor_pack(data, about="own.toml")
        code = None
    except InputError as error:
        code = error.code
    if code == "factors.unreadable":
        with pytest.raises(InputError):
            list_factor_faults(data, about="own.toml")
    else:
        assert (code == "factors.bad-entry") == bool(list_factor_faults(data, about="own.toml"))


def test_every_fault_is_named_at_once_with_the_line_of_its_entry() -> None:
    data = pack(entry(GRID, "x"), entry("other_kg", "1", unit="kg"), entry(GRID, "2", until="2020-01-01"))
    lines = data.decode().splitlines()
    starts = [number for number, line in enumerate(lines, start=1) if line == "[[parameter]]"]
    faults = list_factor_faults(data, about="own.toml")

    assert [starts[0], starts[2]] == [fault.line for fault in faults]
    assert [GRID, f"{GRID} from 2024-01-01 (life_cycle)"] == [fault.entry for fault in faults]


def test_entries_that_are_written_in_one_list_have_no_line() -> None:
    (fault,) = list_factor_faults(b'parameter = [{name = "x"}]\n' + PACK.encode(), about="own.toml")

    assert (None, "x") == (fault.line, fault.entry)


REFUSED: dict[str, Callable[[], Edition]] = {
    "no TOML": lambda: altered(factors_own_factors__toml=b"[pack"),
    "a fault": lambda: altered(factors_own_factors__toml=pack(entry(GRID, "x"))),
    "another name than its id": lambda: altered(factors_another__toml=pack(SECOND)),
    "a value at the same time as another file's": lambda: altered(
        factors_own_factors__toml=pack(entry(GRID, "0.6", region="China", from_="2024-06-01"))
    ),
    "a constant's name": lambda: altered(factors_own_factors__toml=pack(entry("kg_per_t", "1", unit="kg/t"))),
    "another region around a region": lambda: altered(
        factors_own_factors__toml=pack(SECOND, regions={"Chongqing": "South China"})
    ),
    "another level of a region": lambda: altered(
        factors_own_factors__toml=pack(SECOND, levels={"Chongqing": "regional"})
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_an_edition_whose_factor_file_has_one_fault_is_refused(fault: str) -> None:
    with pytest.raises(RuleError) as caught:
        REFUSED[fault]()

    assert "rule.bad-parameter" == caught.value.code


def test_an_entry_of_the_editions_own_table_names_no_pack() -> None:
    sound = get_rule_set("iso14083@2023.1")
    named = sound.files["parameters.toml"] + entry(GRID, "1", region="Mars", pack="fuels/2026.1").encode()
    with pytest.raises(RuleError) as caught:
        altered(parameters__toml=named)

    assert "rule.bad-parameter" == caught.value.code


def old_steps() -> list[dict[str, Any]]:
    """What the old edition gives, as its steps were written down before there were factor files."""
    edition = read_edition(OLD / "grid-rules" / "2023.1")
    used = Given(
        value=Decimal("12.5"),
        unit="kWh",
        label_zh="用电量",
        label_en="electricity used",
        origin={"kind": "input", "path": "$.x"},
    )
    steps: list[dict[str, Any]] = []
    for boundary in ("direct", "life_cycle"):
        dated = Dated(GRID, "Town", boundary, "life_cycle", {"kind": "input", "path": "$.region"})
        facts: dict[str, Given | Dated] = {"electricity_kwh": used, GRID: dated}
        scopes = Scopes([Scope(kind="source", path=f"source:{boundary}", facts=facts)])
        resolver = Resolver(scopes, [edition], on=datetime.date(2023, 6, 1))
        resolver.resolve("source_tco2e", f"source:{boundary}")
        steps += resolver.steps
    return steps


def test_an_edition_from_before_factor_files_gives_its_old_derivation_to_the_byte() -> None:
    written = json.dumps(old_steps(), ensure_ascii=False, indent=1) + "\n"

    assert (OLD / "steps.json").read_text("utf-8") == written
    assert (
        "625e6c86da7605af9b17c5586058961ae50dba3304e91684011194b9f9b976a5"
        == read_edition(OLD / "grid-rules" / "2023.1").digest
    )
