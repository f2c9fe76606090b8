"""The documents a run leaves for readers: `report.json`, `figures.json` and `tracks.json`, as frozen values.

Decimals are strings, so that no reader rounds by accident; null where a number could not be computed. Keys that only
help a reader (`*_zh`, titles, the period) may be absent; every other key of `report.json` is always there.
"""

from typing import Annotated, Any, Literal, TypeVar

import msgspec

from h2corridor.model.errors import WorkspaceError
from h2corridor.model.findings import Severity
from h2corridor.model.trial_record import DataKind

DecimalText = Annotated[str, msgspec.Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$", description="a decimal number as text")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Instant = Annotated[str, msgspec.Meta(description="ISO 8601 with offset")]
HydrogenMethod = Literal["fill_to_fill", "tank", "stack", "combined", "none"]
Status = Literal["stated", "withheld"]
ComparisonStatus = Literal["stated", "unsupported", "withheld"]
Document = TypeVar("Document")


class _Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    pass


class Checkpoint(_Record, frozen=True, kw_only=True):
    """The signed head of the transparency log at the end of the run."""

    origin: str
    size: Count
    root: str


class Trip(_Record, frozen=True, kw_only=True):
    """One trip: what was driven and used, by which method, and the emissions of that hydrogen."""

    trip_id: str
    vin: str
    started_at: Instant
    ended_at: Instant
    origin_site: str | None
    destination_site: str | None
    loaded: bool
    distance_km: DecimalText | None
    hydrogen_used_kg: DecimalText | None
    hydrogen_method: HydrogenMethod
    residual_pct: DecimalText | None
    battery_correction_kg: DecimalText | None
    wtw_kgco2e: DecimalText | None
    ttw_kgco2e: DecimalText | None


class FindingRow(_Record, frozen=True, kw_only=True):
    """A finding with its texts, and the parameters that fill them; `row` counts data rows from 1.

    `says` are digests of what it says whatever its place, one for each row of a run in a table; decisions bind to them.
    """

    finding_id: str
    check: str
    severity: Severity
    file: str
    row: int | None
    last_row: int | None
    vin: str | None
    at: Instant | None
    message: str
    next_step: str
    message_zh: str | None = None
    next_step_zh: str | None = None
    params: dict[str, str] = {}
    says: tuple[str, ...] = ()


class TripShare(_Record, frozen=True, kw_only=True):
    """The part of a trip's hydrogen that a shipment carries."""

    trip_id: str
    hydrogen_used_kg: DecimalText


class Comparison(_Record, frozen=True, kw_only=True):
    """A shipment against a baseline; `difference_kgco2e` is baseline minus project: positive saves, negative costs.

    `why` names quantities as rules do; `why_zh` and `why_en` say the same to readers.
    """

    method: str
    baseline_kgco2e: DecimalText | None
    project_kgco2e: DecimalText | None
    difference_kgco2e: DecimalText | None
    status: ComparisonStatus
    why: str | None
    why_zh: str | None = None
    why_en: str | None = None


class Shipment(_Record, frozen=True, kw_only=True):
    """A consignment's figure; `primary_data_share` is a fraction of one, `finding_ids` name what bears on it."""

    consignment_id: str
    rule_set: str
    status: Status
    why: tuple[str, ...]
    transport_activity_tkm: DecimalText | None
    wtw_kgco2e: DecimalText | None
    ttw_kgco2e: DecimalText | None
    intensity_wtw_kgco2e_per_tkm: DecimalText | None
    primary_data_share: DecimalText | None
    not_covered: tuple[str, ...]
    trip_shares: tuple[TripShare, ...]
    figure_id: str | None
    statement_id: str | None
    comparisons: tuple[Comparison, ...]
    why_zh: tuple[str, ...] | None = None
    not_covered_zh: tuple[str, ...] | None = None
    finding_ids: tuple[str, ...] = ()


class Totals(_Record, frozen=True, kw_only=True):
    """Sums of the run; `frames_received` is used + repeated + unused."""

    frames_received: Count
    frames_used: Count
    frames_repeated: Count
    frames_unused: Count
    distance_km: DecimalText | None
    hydrogen_metered_kg: DecimalText | None
    hydrogen_used_kg: DecimalText | None


class ThresholdUsed(_Record, frozen=True, kw_only=True):
    """A threshold that the trial's plan set otherwise than the catalogue, as the run's checks used it."""

    check: str
    name: str
    value: DecimalText
    instead_of: DecimalText
    unit: str
    reason: str
    source: str
    decided_on: str


class ReceivedFile(_Record, frozen=True, kw_only=True):
    """A file that the run read: its digest, and its rows without the header where it is a table or telemetry."""

    path: str
    rows: Count
    sha256: str


class ReportedParty(_Record, frozen=True, kw_only=True):
    """A party of the data set: its role in `parties.csv`, if it stands there, and the kinds of data that it owns."""

    party_id: str
    role: str | None
    supplies: tuple[DataKind, ...] = ()


class Report(_Record, frozen=True, kw_only=True):
    """`report.json`, format 1."""

    trial: str
    format: Literal[1]
    software: str
    engine: str
    checkpoint: Checkpoint | None
    trips: tuple[Trip, ...]
    findings: tuple[FindingRow, ...]
    shipments: tuple[Shipment, ...]
    totals: Totals
    title_zh: str | None = None
    title_en: str | None = None
    period_start: Instant | None = None
    period_end: Instant | None = None
    thresholds: tuple[ThresholdUsed, ...] = ()
    received: tuple[ReceivedFile, ...] = ()
    parties: tuple[ReportedParty, ...] = ()


class StepOrigin(_Record, frozen=True, kw_only=True):
    """Where a step's value was taken from, when it was not computed.

    `kind` is `parameter` for a value of the edition, `fact` for one worked out from what trucks sent, `input` for all
    that was declared or written down. `row` counts data rows from 1; where a value rests on several rows they are
    `rows`, each as FILE#ROW, and `file` and `row` are the first.
    """

    kind: Literal["input", "parameter", "fact"]
    file: str | None = None
    row: int | None = None
    source: str | None = None
    rows: tuple[str, ...] = ()


class Step(_Record, frozen=True, kw_only=True):
    """One step of a derivation; `inputs` are ids of steps that stand before it."""

    id: str
    label_zh: str | None = None
    label_en: str | None = None
    value: str | None = None
    unit: str | None = None
    clause: str | None = None
    formula: str | None = None
    inputs: tuple[str, ...] = ()
    origin: StepOrigin | None = msgspec.field(name="from", default=None)


class ComparisonDerivation(_Record, frozen=True, kw_only=True):
    """How a comparison came about; its steps may take the figure's own steps as inputs."""

    method: str
    steps: tuple[Step, ...] = ()


class FigureDerivation(_Record, frozen=True, kw_only=True):
    """How a figure came about; the last step is the goal."""

    figure_id: str
    consignment_id: str
    rule_set: str
    goal: str
    steps: tuple[Step, ...] = ()
    comparisons: tuple[ComparisonDerivation, ...] = ()


class Figures(_Record, frozen=True, kw_only=True):
    """`figures.json`."""

    figures: tuple[FigureDerivation, ...] = ()


class TrackSite(_Record, frozen=True, kw_only=True):
    """A site on the map, in millionths of a degree."""

    site_id: str
    name_zh: str
    name_en: str
    kind: str
    lat_e6: int
    lon_e6: int


class TripTrack(_Record, frozen=True, kw_only=True):
    """The line of a trip; a point is (longitude, latitude) in millionths of a degree."""

    trip_id: str
    loaded: bool
    points: tuple[tuple[int, int], ...] = ()


class Tracks(_Record, frozen=True, kw_only=True):
    """`tracks.json`: what the map is drawn from."""

    datum: str
    attribution: str
    sites: tuple[TrackSite, ...] = ()
    trips: tuple[TripTrack, ...] = ()


def decode_report(data: bytes) -> Report:
    """The report in the bytes of a `report.json`.

    Raises
    ------
    WorkspaceError
        `report.unreadable`: the bytes are not a report of format 1.
    """
    return decode_document(data, Report, "report.json")


def decode_figures(data: bytes | None) -> Figures:
    """The derivations in the bytes of a `figures.json`; none when the file is absent.

    Raises
    ------
    WorkspaceError
        `report.unreadable`: the bytes are not derivations.
    """
    return Figures() if data is None else decode_document(data, Figures, "figures.json")


def decode_tracks(data: bytes | None) -> Tracks | None:
    """The lines and sites in the bytes of a `tracks.json`; None when the file is absent.

    Raises
    ------
    WorkspaceError
        `report.unreadable`: the bytes are not tracks.
    """
    return None if data is None else decode_document(data, Tracks, "tracks.json")


def report_schema() -> bytes:
    """The JSON schema of `report.json` as it ships in the package (`console/schemas/report-1.json`)."""
    schema: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Report)}
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"


def decode_document(data: bytes, kind: type[Document], name: str) -> Document:
    """A document of a run in its bytes.

    Raises
    ------
    WorkspaceError
        `report.unreadable`: the bytes are not such a document.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WorkspaceError(
            "report.unreadable",
            f"expected a document of format 1, came: {error}.",
            about=name,
            next_step="Run `h2corridor trial run` again; everything is rebuilt from the received bytes.",
        ) from error
