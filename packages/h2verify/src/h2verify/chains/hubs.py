"""Hubs at the ends of legs as categories of a chain, each by its own day."""

from typing import Any

from h2verify.chains.decimals import decimal_text
from h2verify.chains.document import said
from h2verify.chains.ledger import Ledger

HUB_KINDS = ("hub", "port", "rail_terminal")
"""Kinds of sites that handle freight: what a consignment passes there is a hub operation."""

_FILE = "hub_operations.csv"


def hub_category(ledger: Ledger, site_id: str, day: str) -> tuple[str, dict[str, Any]] | None:
    """Give the name and category of the hub at a site on a day, or None where the site is no hub.

    A hub without a complete row of that day is a stated exclusion.
    """
    site = ledger.get_site(site_id)
    if site["site_kind"] not in HUB_KINDS:
        return None
    name = f"hub-{site_id}-{day}"
    row = next((row for row in ledger.list_records(f"site/{site_id}", "hub_operation") if row["day"] == day), None)
    if row is None or not row["throughput_kg"] or row["electricity_wh"] is None or row["diesel_ml"] is None:
        return name, said(kind="hub", data="primary", source=_FILE, excluded=f"no operations of {site_id} on {day}")
    refs = [f"{_FILE}#{row['row']}"]
    electricity = said(
        carrier="electricity",
        amount=decimal_text(row["electricity_wh"], 3),
        unit="kWh",
        grid_region=site["grid_region"],
        refs=refs,
    )
    diesel = said(carrier="diesel", amount=decimal_text(row["diesel_ml"], 3), unit="l", refs=refs)
    throughput_t = decimal_text(row["throughput_kg"], 3)
    return name, said(
        kind="hub", data="primary", source=_FILE, throughput_t=throughput_t, energy=[electricity, diesel], refs=refs
    )
