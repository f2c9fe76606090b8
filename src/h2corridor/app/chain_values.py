"""A written chain as values of the model.

Field by field and without the limits on ids and texts that the format sets for foreign files: what a data set's own
rows say is tested there, and a run goes on with it.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from h2corridor.model.chain import (
    DieselComparison,
    Distance,
    Energy,
    HubCategory,
    HubElement,
    HydrogenSupply,
    Shipment,
    TransportCategory,
    TransportChain,
    TransportElement,
    TransportIntensity,
)

Document = Mapping[str, Any]


def read_chain(document: Document) -> TransportChain:
    """Give a chain that `h2verify.chains` wrote as a value; absent fields have the model's defaults."""
    return TransportChain(
        format=document["format"],
        shipment=Shipment(**_said(document["shipment"])),
        elements=tuple(_element(each) for each in document["elements"]),
        categories={name: _category(each) for name, each in document["categories"].items()},
        activity_date=datetime.date.fromisoformat(document["activity_date"]),
    )


def _element(said: Document) -> TransportElement | HubElement:
    fields = _said(said)
    if said["kind"] == "hub":
        return HubElement(**fields)
    return TransportElement(**(fields | {"distance": Distance(**said["distance"])}))


def _category(said: Document) -> TransportCategory | HubCategory:
    fields = _said(said)
    if "energy" in said:
        fields["energy"] = tuple(_energy(each) for each in said["energy"])
    if said["kind"] == "hub":
        return HubCategory(**fields)
    if "intensity" in said:
        fields["intensity"] = TransportIntensity(**said["intensity"])
    if "comparison" in said:
        fields["comparison"] = _comparison(said["comparison"])
    return TransportCategory(**fields)


def _comparison(said: Document) -> DieselComparison:
    date = said.get("date")
    return DieselComparison(**{**said, "date": datetime.date.fromisoformat(date) if date else None})


def _energy(said: Document) -> Energy:
    fields = _said(said)
    if "supply" in said:
        fields["supply"] = HydrogenSupply(**_said(said["supply"]))
    return Energy(**fields)


def _said(said: Document) -> dict[str, Any]:
    """The fields of an object, its references as a tuple and its kind left out."""
    fields = {name: value for name, value in said.items() if name != "kind"}
    if "refs" in fields:
        fields["refs"] = tuple(fields["refs"])
    return fields
