"""`balances.json`: hydrogen and data quality side by side, for readers; nothing is assessed from it.

Decimals are texts; null where a number could not be computed. Masses in kilograms, distances in kilometres.
"""

from typing import Annotated

import msgspec

from h2corridor.model.report import DecimalText, HydrogenMethod, Instant, decode_document

Count = Annotated[int, msgspec.Meta(ge=0)]


class WindowBalanceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The hydrogen of one truck between two fills, by every source that speaks of it.

    `metered_kg` is the tank at the start, plus what the station metered, minus the tank at the end; `tank_kg` the same
    with the rise that the truck saw in place of the meter; `stack_kg` what the stacks converted; `reported_kg` what the
    truck's own consumption signal adds up to. `uncertainty_kg` is what two looks into the tank and the class of the
    meter cannot tell, null where no class is supplied. `battery_kg` is what the battery gave (positive) or took, as
    hydrogen.
    """

    vin: str
    window_no: Count
    started_at: Instant
    ended_at: Instant
    refuelling_ids: tuple[str, ...]
    distance_km: DecimalText | None
    metered_kg: DecimalText | None
    tank_kg: DecimalText | None
    stack_kg: DecimalText | None
    reported_kg: DecimalText | None
    used_kg: DecimalText | None
    method: HydrogenMethod
    residual_kg: DecimalText | None
    uncertainty_kg: DecimalText | None
    battery_kg: DecimalText | None
    unobserved_s: Count


class StationDay(msgspec.Struct, frozen=True, kw_only=True):
    """The hydrogen of one station on one day; `difference_kg` is closing minus what the rest gives, null where
    one of them is not supplied. `unbooked_rise_kg` is by how much tanks of trucks that stood there rose without a
    booked fill; null where none did.
    """

    station_id: str
    day: str
    opening_kg: DecimalText | None
    delivered_kg: DecimalText
    dispensed_kg: DecimalText
    vented_kg: DecimalText | None
    closing_kg: DecimalText | None
    difference_kg: DecimalText | None
    unbooked_rise_kg: DecimalText | None = None


class SignalDay(msgspec.Struct, frozen=True, kw_only=True):
    """How many values of a signal of one truck on one day were null (missing or invalid) or abnormal."""

    vin: str
    day: str
    signal: str
    frames: Count
    nulls: Count
    abnormals: Count


class Balances(msgspec.Struct, frozen=True, kw_only=True):
    """`balances.json`."""

    windows: tuple[WindowBalanceRow, ...] = ()
    stations: tuple[StationDay, ...] = ()
    signals: tuple[SignalDay, ...] = ()


def decode_balances(data: bytes | None) -> Balances:
    """The balances in the bytes of a `balances.json`; none when the file is absent.

    Raises
    ------
    WorkspaceError
        `report.unreadable`: the bytes are not balances.
    """
    return Balances() if data is None else decode_document(data, Balances, "balances.json")
