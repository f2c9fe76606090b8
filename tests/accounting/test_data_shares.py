"""A share of primary data is a part of a whole: with a part below nothing there is none, and the reason is named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from chain_examples import Document, assessed, chain_of, decoded, partly_assessed, road
from h2verify.bundle.derivations import FORMAT, verify_figures
from h2verify.page import render_page
from playwright.sync_api import Page
from test_chain_forms_in_the_page import FIGURE, RULES
from test_shipments import assess

from h2corridor.accounting.publishing import published_files
from h2corridor.accounting.reporting import Asked, AssessedChain, make_report
from h2corridor.app.emission_report import quality_scheme
from h2corridor.app.rules import get_rule_set


def given(data: str, wtw: str | None) -> Document:
    """A category of this intensity per tonne-kilometre."""
    intensity = {"per": "tkm", "ttw_kgco2e": "0"} | ({} if wtw is None else {"wtw_kgco2e": wtw})
    return {"kind": "transport", "data": data, "source": "own", "intensity": intensity}


def two_parts(first: str | None, second: str | None) -> Document:
    """A primary and a default part of ten tonne-kilometres each."""
    categories = {"own": given("primary", first), "list": given("default", second)}
    return chain_of(categories, [road("a", "own", "10"), road("b", "list", "10")], mass_kg="1000")


@pytest.mark.parametrize(
    ("first", "second", "share", "lacks"),
    [
        ("1", "1", "0.5", None),
        ("1", "0", "1", None),
        ("1", "-0.5", None, "negative_part"),
        ("-0.5", "1", None, "negative_part"),
        ("1", "-1", None, "negative_part"),
        ("0", "0", None, "no_emissions"),
    ],
)
def test_a_share_by_emissions_is_there_or_says_why_it_is_not(
    first: str, second: str, share: str | None, lacks: str | None
) -> None:
    shares = assessed(two_parts(first, second)).data_shares

    assert (share, lacks, "0.5") == (
        shares.primary_by_wtw_emissions,
        shares.emissions_share_lacks,
        shares.primary_by_transport_activity,
    )


def test_a_share_of_emissions_that_are_not_known_is_not_computable() -> None:
    shares = partly_assessed(two_parts("1", None)).data_shares

    assert (None, "not_computable") == (shares.primary_by_wtw_emissions, shares.emissions_share_lacks)


def test_a_figure_with_a_part_below_nothing_is_verified_without_the_share(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    file = tmp_path / "verify.html"
    file.write_text(render_page(), encoding="utf-8")
    page = open_page()
    page.goto(file.as_uri())
    files = published_files(get_rule_set("iso14083@2023.1"))
    refusals = []
    for second in ("1", "-0.5"):
        chain = two_parts("1", second)
        for lacks in ((), ("primary_share_by_emissions[chain]",)):
            steps = [step for step in assessed(chain).derivation if step["id"] not in lacks]
            figures = {"format": FORMAT, "rule_set": RULES, "comparisons": [], "steps": steps}
            told = {"chain": json.dumps(chain), "figures": json.dumps(figures), "label": RULES}
            texts = {name: data.decode() for name, data in files.items()}
            refusals.append(page.evaluate(FIGURE, {**told, "files": texts}))
        verify_figures(chain, {**figures, "steps": list(assessed(chain).derivation)}, {RULES: files})

    assert [None, "derivation.missing", None, None] == refusals


def test_a_table_has_no_share_where_a_part_is_below_nothing() -> None:
    shared = {"format": "transport-categories/1", "activity_date": "2024-06-01"}
    shared |= {"categories": two_parts("1", "-0.5")["categories"]}
    rows = ["S,1000,a,transport,own,road,,sfd,10,", "S,1000,b,transport,list,road,,sfd,10,"]
    rows += ["T,1000,a,transport,own,road,,sfd,10,"]
    found = assess(rows, shared)

    assert [None, "1"] == [found[name].primary_by_wtw_emissions for name in ("S", "T")]


def test_a_report_has_no_share_where_a_part_is_below_nothing() -> None:
    document = two_parts("1", "-0.5")
    names = ("a", "b")
    chain = AssessedChain(
        chain=decoded({**document, "activity_date": "2024-06-01"}),
        result=assessed({**document, "activity_date": "2024-06-01"}),
        carriers=dict.fromkeys(names, ""),
        lanes=dict.fromkeys(names, ""),
    )
    report = make_report([chain], get_rule_set("iso14083@2023.1"), quality_scheme(), asked=Asked())

    assert (None, "0.5") == (report.total.primary_by_wtw_emissions, report.total.primary_by_transport_activity)
