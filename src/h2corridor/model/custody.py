"""`custody.json`: where every kilogram of hydrogen of a trial went, as postings between accounts.

Masses are integers in mg, instants seconds since 1970-01-01 UTC. An account is `KIND:NAME` or one of the two sources:

    produced, unknown ─▶ batch:B ─▶ trailer:DELIVERY ─▶ stock:STATION ─▶ nozzle:REFUELLING ─▶ tank:VIN ─▶ trip:TRIP
                                                             ├▶ earlier:STATION                  └▶ standing:VIN
                                                             └▶ vented:STATION
"""

from typing import Annotated, Final, Literal

import msgspec

from h2corridor.model.chain_values import CustodyModel
from h2corridor.model.report import decode_document

CUSTODY = "custody.json"
CUSTODY_FORMAT: Final = "custody/1"

Mass = Annotated[int, msgspec.Meta(ge=0)]
PostingKind = Literal[
    "produced", "loaded", "unloaded", "aboard", "opening", "left_earlier", "filled", "taken", "seen", "used", "vented",
    "beyond_record",
]  # fmt: skip


class Posting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hydrogen that left one account and entered another, by origin [mg]; the empty origin is unknown.

    `source` is the row it rests on, `FILE#ROW`, or the truck's telemetry. `beyond_record` is what an account gave and
    by the record never got: it comes from `unknown`, whatever origin the mixing rule lends it.
    """

    at_s: int
    kind: PostingKind
    from_account: str
    to_account: str
    source: str
    by_origin: dict[str, Mass]

    @property
    def mass_mg(self) -> int:
        """What moved, of all origins."""
        return sum(self.by_origin.values())


class Mixed(msgspec.Struct, frozen=True, kw_only=True):
    """A segregated batch that lay with another in one store (a station, a truck), the first time it did there."""

    batch_id: str
    other_batch_id: str
    store: str
    at_s: int


class CustodyBatch(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch's row says that counts for its attribute."""

    batch_id: str
    row: int
    mass_mg: Mass
    custody: CustodyModel | None
    certificate_id: str | None
    valid_until_s: int | None
    other_claims: str | None
    gate_kgco2e_per_kg: str | None


class SharedTrip(msgspec.Struct, frozen=True, kw_only=True):
    """A trip whose hydrogen consignments share [mg by consignment], and the category of chains it stands in."""

    trip_id: str
    category: str
    shares: dict[str, Mass]


class Custody(msgspec.Struct, frozen=True, kw_only=True):
    """`custody.json`."""

    format: Literal["custody/1"]
    trial: str
    period_end_s: int
    postings: tuple[Posting, ...]
    batches: tuple[CustodyBatch, ...]
    trips: tuple[SharedTrip, ...]


def decode_custody(data: bytes) -> Custody:
    """The custody in the bytes of a `custody.json`.

    Raises
    ------
    WorkspaceError
        `report.unreadable`: the bytes are not such a document.
    """
    return decode_document(data, Custody, CUSTODY)
