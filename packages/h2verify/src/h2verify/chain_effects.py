"""Fields of one chain that would count twice, or that nothing would read: both are refused by name.

Only read here are plain documents whose every field is of the right form (`h2verify.chain_form`); null and absent are
the same.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]


def list_sharing_faults(category: Document) -> Iterator[str]:
    """Where one category is shared out in two ways, so that its shares would sum to two."""
    if category.get("round") is not None and category.get("classes"):
        yield "a category is shared over the stops of a round or over classes, not both; make it two categories"


def list_idle_fields(entry: Document) -> Iterator[str]:
    """The fields of an energy entry that its way to a factor never reads."""
    explicit = entry.get("wtt_kgco2e_per_unit") is not None or entry.get("ttw_kgco2e_per_unit") is not None
    supplied, by_name = entry.get("supply") is not None, entry.get("factor") is not None
    unknown = entry.get("origin") is not None
    by_region = (entry["carrier"], entry["unit"]) == ("electricity", "kWh") and not (explicit or unknown)
    if entry.get("grid_region") is not None and not (by_region or by_name):
        yield "grid_region has no effect here: it belongs to electricity in kWh or to a factor by name"
    if entry.get("factor_boundary") != "direct":
        return
    own_wtt = entry.get("wtt_kgco2e_per_unit") is not None
    if not (own_wtt or supplied or by_name or by_region):
        yield "factor_boundary has no effect here: no factor of energy provision is asked for or stated"
