"""The small values of the activity arithmetic: what a register, a site, a leg or a fill says, and what is made of them.

Integers only: instants in seconds since 1970-01-01 UTC, places in 1e-6 degree, hydrogen in mg.
"""

from dataclasses import dataclass

Columns = dict[str, list[int | None] | list[str | None] | list[int] | list[str]]
"""A table by column; every column has the same length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruckRegister:
    """What the register says of a truck. `cells` is what one reported ampere flows through (2016: all stacks; 2025: one
    stack).
    """

    vin: str
    edition: int
    stack_count: int | None
    cells: int | None
    tank_volume_ml: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlace:
    """Where a site is [1e-6 degree, WGS 84], and whether it is a hydrogen station."""

    site_id: str
    is_station: bool
    longitude_e6: int
    latitude_e6: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadLeg:
    """A leg that papers say a hydrogen truck drove, from when until when [s]."""

    leg_id: str
    vin: str
    origin_site: str
    destination_site: str
    departed_at_s: int
    arrived_at_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A standing of a truck that ends a trip: where, and until when its readings belong to the trip that ended."""

    vin: str
    started_at_s: int
    ended_at_s: int
    split_at_s: int
    site_id: str | None
    longitude_e6: int | None
    latitude_e6: int | None
    open_ended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFill:
    """A fill as the station booked it."""

    refuelling_id: str
    vin: str
    station_id: str
    started_at_s: int
    ended_at_s: int
    mass_mg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TankState:
    """What a tank held at an instant, by its own sensors."""

    at_s: int
    mass_mg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Booked fills of one standing beside the rise that the truck itself saw there.

    `agreement`: confirmed (booked and seen agree), differs, without_rise (booked, not seen), without_record (seen, not
    booked), unseen (booked, and the truck sent nothing from which a rise could be seen).
    """

    vin: str
    started_at_s: int
    ended_at_s: int
    refuelling_ids: tuple[str, ...]
    booked_mg: int
    rise_mg: int | None
    before: TankState | None
    agreement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time of one truck from just before a fill until just before the next (or the ends of its data).

    `unseen` are fills booked in it while the truck sent nothing: their mass counts, and they bound nothing.
    """

    vin: str
    window_no: int
    from_s: int
    to_s: int
    fill: Fill | None
    tank_start: TankState | None
    tank_end: TankState | None
    unseen: tuple[Fill, ...] = ()

    @property
    def booked_mg(self) -> int:
        """What was metered into the tank in this window [mg]."""
        return (self.fill.booked_mg if self.fill else 0) + sum(fill.booked_mg for fill in self.unseen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time that lies in one segment (between trip-ending stands) and one window; `from_s` exclusive,
    `to_s` inclusive.
    """

    vin: str
    span_no: int
    segment_no: int
    window_no: int
    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanSums:
    """What the readings of a span add up to. Distance is in ninths of a millimetre, so that a speed
    in 0.1 km/h times seconds is whole; charge and energy are twice the trapezoid (0.1 A s cells; 0.01 W s)."""

    span: Span
    readings: int
    moving_readings: int
    distance_ninths_mm: int
    distance_unknown: int
    charge_twice: int
    energy_twice: int
    unobserved_s: int
    first_at_s: int | None
    last_at_s: int | None
    first_active_s: int | None
    last_active_s: int | None
    first_soc_pct: int | None
    last_soc_pct: int | None
    unobserved_ninths_mm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowBalance:
    """One window reconciled: what the meter and tank say, what the stacks say, what is used for the figure, and by
    which method.
    """

    window: Window
    metered_mg: int | None
    tank_mg: int | None
    balance_mg: int | None
    stack_mg: int
    unobserved_s: int
    used_mg: int | None
    method: str
    resolution_mg: int
    sound: bool

    @property
    def residual_mg(self) -> int | None:
        """Metered balance minus what is used [mg]; None where one of them is absent."""
        if self.metered_mg is None or self.used_mg is None:
            return None
        return self.metered_mg - self.used_mg


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanHydrogen:
    """The hydrogen of one span, by origin (`""` is unknown origin)."""

    span: Span
    used_mg: int
    by_origin: tuple[tuple[str, int], ...]
