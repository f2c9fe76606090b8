"""A trial's tables in the form the arithmetic reads."""

from h2verify.activity import Papers
from h2verify.activity.values import TruckRegister

from h2corridor.activity.papers import papers_of
from h2corridor.model.trial import (
    HydrogenDelivery,
    Leg,
    Site,
    StationStock,
    TankOpening,
    Trial,
    TrialFacts,
    Vehicle,
)

TRIAL = Trial(
    trial_id="T",
    format=1,
    title_zh="试",
    title_en="Trial",
    corridor="C",
    period_start_ms=1_772_380_800_999,
    period_end_ms=1_772_467_200_000,
    timezone="Asia/Shanghai",
    operator_party_id="P",
)


def _vehicle(vin: str, protocol: int, stack_count: int | None, cells: int | None) -> Vehicle:
    return Vehicle(
        row=1,
        vin=vin,
        plate=None,
        carrier_id="P",
        model=None,
        protocol=protocol,
        gross_combination_mass_kg=None,
        payload_max_kg=None,
        tank_volume_ml=3_080_000,
        stack_count=stack_count,
        cells_per_stack=cells,
        comparable_diesel_l_per_100km=None,
    )


def _papers(**tables: tuple[object, ...]) -> Papers:
    return papers_of(TrialFacts(trial=TRIAL, **tables))  # type: ignore[arg-type]  # each test names the tables it fills


def _cells(papers: Papers) -> dict[str, int | None]:
    trucks: dict[str, TruckRegister] = dict(papers.trucks)
    return {vin: truck.cells for vin, truck in trucks.items()}


def test_one_reported_ampere_of_a_2016_truck_flows_through_all_its_stacks() -> None:
    vehicles = (
        _vehicle("A", 2016, 2, 330),
        _vehicle("B", 2025, 2, 330),
        _vehicle("C", 2016, None, 330),
        _vehicle("D", 2025, None, 330),
        _vehicle("E", 2016, 2, None),
    )

    assert {"A": 660, "B": 330, "C": None, "D": 330, "E": None} == _cells(_papers(vehicles=vehicles))


def test_legs_without_a_registered_truck_are_no_road_legs() -> None:
    def leg(row: int, vin: str | None) -> Leg:
        return Leg(
            row=row,
            leg_id=f"L{row}",
            consignment_id="C",
            sequence=1,
            mode="road",
            vin=vin,
            origin_site="A",
            destination_site="B",
            departed_at_ms=1_999,
            arrived_at_ms=2_000,
            transport_distance_m=None,
            intensity_wtw_kgco2e_per_tkm=None,
            intensity_ttw_kgco2e_per_tkm=None,
            intensity_method=None,
        )

    papers = _papers(vehicles=(_vehicle("A", 2016, 1, 330),), legs=(leg(1, "A"), leg(2, None), leg(3, "X")))

    assert [("L1", 1, 2)] == [(each.leg_id, each.departed_at_s, each.arrived_at_s) for each in papers.legs]


def test_the_stock_that_opens_the_period_is_the_first_days_that_says_one() -> None:
    def stock(station: str, day: str, opening_mg: int | None) -> StationStock:
        return StationStock(row=1, station_id=station, day=day, opening_mg=opening_mg, closing_mg=None, vented_mg=None)

    days = (
        stock("S", "2026-03-03", 9),
        stock("S", "2026-03-02", 5),
        stock("S", "2026-03-01", None),
        stock("T", "x", None),
    )

    assert {"S": 5} == _papers(station_stock=days).opening_stock_mg


def test_hydrogen_on_board_keeps_its_batch_and_what_nobody_knows_is_unknown() -> None:
    def opening(vin: str, mass_mg: int, batch_id: str | None) -> TankOpening:
        return TankOpening(row=1, vin=vin, at_ms=0, mass_mg=mass_mg, batch_id=batch_id)

    openings = (opening("A", 3, "B1"), opening("A", 4, "B1"), opening("A", 5, None), opening("B", 6, None))

    assert {"A": {"B1@": 7, "": 5}, "B": {"": 6}} == _papers(tank_openings=openings).tank_opening


def test_a_station_is_told_from_other_sites_and_instants_are_whole_seconds() -> None:
    def site(site_id: str, kind: str) -> Site:
        return Site(
            row=1,
            site_id=site_id,
            name_zh="",
            name_en="",
            kind=kind,
            operator_id=None,
            latitude_e6=1,
            longitude_e6=2,
        )

    delivery = HydrogenDelivery(
        row=1,
        delivery_id="D",
        batch_id="B",
        station_id="S",
        delivered_at_ms=1_500,
        mass_mg=7,
        trailer_distance_m=None,
        trailer_diesel_ml=None,
        trailer_compression_wh=None,
    )
    papers = _papers(sites=(site("H", "hub"), site("S", "station")), hydrogen_deliveries=(delivery,))

    assert [("H", False), ("S", True)] == [(each.site_id, each.is_station) for each in papers.sites]
    assert [1] == [each.delivered_at_s for each in papers.deliveries]
    assert (1_772_380_800, 1_772_467_200) == (papers.period_start_s, papers.period_end_s)
