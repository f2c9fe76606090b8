"""The items of a real-time data unit, edition 2016: layouts as data, in order of type."""

from .parts import Field, ItemLayout, Records, Run
from .vocabulary import (
    CUSTOM_ITEMS,
    LATITUDE,
    LONGITUDE,
    POSITION_STATUS,
    alarm,
    ampere,
    celsius,
    count,
    extremes,
    hydrogen_head,
    motors,
    number,
    records_count,
    state,
    temperatures,
    vehicle_head,
    volt,
)

ITEMS_2016 = (
    ItemLayout(
        type=1,
        name="vehicle",
        parts=(
            *vehicle_head(speed_last=2200, voltage_last=10_000, current_last=20_000, current_offset="-1000"),
            Field(name="accelerator_pct", width=1, unit="%", valid=(0, 100)),
            # 101 says "on" where the travel of the pedal is not measured
            Field(name="brake_pct", width=1, unit="%", valid=(0, 101)),
        ),
    ),
    motors(
        (
            number("no"),
            state("state", 4),
            celsius("controller_temp_c"),
            Field(name="speed_rpm", width=2, offset="-20000", unit="r/min", valid=(0, 65_531)),
            Field(name="torque_nm", width=2, scale="0.1", offset="-2000", unit="N·m", valid=(0, 65_531)),
            celsius("motor_temp_c"),
            volt("input_v", 60_000),
            ampere("bus_a", 20_000, "-1000"),
        )
    ),
    ItemLayout(
        type=3,
        name="fuel_cell",
        parts=(
            volt("stack_voltage_v", 20_000),
            ampere("stack_current_a", 20_000),
            Field(name="consumption_kg_per_100km", width=2, scale="0.01", unit="kg/100 km", valid=(0, 60_000)),
            Run(
                name="probe_temps_c",
                count=count("probe_count", 2, last=65_531),
                element=celsius("probe_temp_c", 240),
            ),
            *hydrogen_head(
                Field(name="h2_max_conc_mg_per_kg", width=2, unit="mg/kg", valid=(0, 60_000)),
                Field(name="h2_max_temp_c", width=2, scale="0.1", offset="-40", unit="°C", valid=(0, 2400)),
                252,
            ),
        ),
    ),
    ItemLayout(
        type=4,
        name="engine",
        parts=(
            state("state", 2),
            Field(name="crank_rpm", width=2, unit="r/min", valid=(0, 60_000)),
            Field(name="consumption_l_per_100km", width=2, scale="0.01", unit="L/100 km", valid=(0, 60_000)),
        ),
    ),
    ItemLayout(type=5, name="position", parts=(POSITION_STATUS, LONGITUDE, LATITUDE), form="position"),
    extremes(6, "extremes", 250, 1, 15_000),
    alarm(7, 3),
    ItemLayout(
        type=8,
        name="cell_voltages",
        form="beside",
        parts=(
            Records(
                name="subsystems",
                count=records_count(shown=False, last=250),
                parts=(
                    number("no", 250),
                    volt("voltage_v", 10_000),
                    ampere("current_a", 20_000, "-1000"),
                    number("cells_total", 65_531, 2),
                    number("frame_first_cell", 65_531, 2),
                    Run(
                        name="cells_v",
                        count=count("frame_cell_count", 1, last=200, shown=False),
                        element=volt("cell_v", 60_000, "0.001"),
                    ),
                ),
            ),
        ),
    ),
    temperatures(9),
    *CUSTOM_ITEMS,
)
