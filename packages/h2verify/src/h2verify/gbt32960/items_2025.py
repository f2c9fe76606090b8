"""The items of a real-time data unit, edition 2025: layouts as data, in order of type."""

from .parts import Field, ItemLayout, Records, Run
from .vocabulary import (
    CUSTOM_ITEMS,
    LATITUDE,
    LONGITUDE,
    POSITION_STATUS,
    SIGNATURE_PARTS,
    alarm,
    ampere,
    celsius,
    count,
    extremes,
    faults,
    hydrogen_head,
    motors,
    number,
    plain,
    records_count,
    state,
    temperatures,
    vehicle_head,
    volt,
)

SIGNATURE = 0xFF

ITEMS_2025 = (
    ItemLayout(
        type=1,
        name="vehicle",
        parts=vehicle_head(speed_last=5000, voltage_last=60_000, current_last=60_000, current_offset="-3000"),
    ),
    motors(
        (
            number("no"),
            state("state", 4),
            celsius("controller_temp_c"),
            Field(name="speed_rpm", width=2, offset="-32000", unit="r/min", valid=(0, 65_531)),
            Field(name="torque_nm", width=4, scale="0.1", offset="-20000", unit="N·m", valid=(0, 400_000)),
            celsius("motor_temp_c"),
        )
    ),
    ItemLayout(
        type=3,
        name="fuel_cell_engine_and_h2_system",
        parts=(
            *hydrogen_head(
                Field(name="h2_max_conc_pct", width=2, scale="0.0001", unit="%", valid=(0, 60_000)),
                Field(name="h2_max_temp_c", width=2, offset="-40", unit="°C", valid=(0, 250)),
                253,
            ),
            Field(name="h2_remaining_pct", width=1, unit="%", valid=(0, 100)),
            celsius("hv_dcdc_controller_temp_c"),
        ),
    ),
    ItemLayout(type=4, name="engine", parts=(Field(name="crank_rpm", width=2, unit="r/min", valid=(0, 60_000)),)),
    ItemLayout(
        type=5,
        name="position",
        parts=(POSITION_STATUS, plain("coordinate_system_raw", 1), LONGITUDE, LATITUDE),
        form="position",
    ),
    alarm(6, 4, faults("general_faults", 2)),
    ItemLayout(
        type=7,
        name="min_parallel_cell_voltages",
        form="beside",
        parts=(
            Records(
                name="packs",
                count=records_count(shown=False, last=50),
                parts=(
                    number("pack", 50),
                    volt("voltage_v", 60_000),
                    ampere("current_a", 60_000, "-3000"),
                    Run(
                        name="cells_v",
                        count=count("cell_count", 2, last=65_531),
                        element=volt("cell_v", 60_000, "0.001"),
                    ),
                ),
            ),
        ),
    ),
    temperatures(8),
    ItemLayout(
        type=0x30,
        name="fuel_cell_stacks",
        form="beside",
        parts=(
            Records(
                name="stacks",
                count=records_count(shown=True, last=253),
                parts=(
                    number("no"),
                    volt("voltage_v", 20_000),
                    ampere("current_a", 20_000),
                    Field(
                        name="h2_inlet_pressure_kpa", width=2, scale="0.1", offset="-100", unit="kPa", valid=(0, 5000)
                    ),
                    Field(
                        name="air_inlet_pressure_kpa", width=2, scale="0.1", offset="-100", unit="kPa", valid=(0, 5000)
                    ),
                    celsius("air_inlet_temp_c"),
                    Run(
                        name="coolant_outlet_temps_c",
                        count=count("probe_count", 2, last=65_531),
                        element=celsius("coolant_outlet_temp_c"),
                    ),
                ),
            ),
        ),
    ),
    ItemLayout(
        type=0x31,
        name="supercapacitor",
        parts=(
            number("system"),
            volt("voltage_v", 10_000),
            ampere("current_a", 60_000, "-3000"),
            Run(
                name="cells_v",
                count=count("cell_count", 2, last=65_531),
                element=volt("cell_v", 60_000, "0.001"),
            ),
            Run(
                name="probes_c",
                count=count("probe_count", 2, last=65_531, shown=False),
                element=celsius("probe_c"),
            ),
        ),
    ),
    extremes(0x32, "supercapacitor_extremes", 65_531, 2, 60_000),
    *CUSTOM_ITEMS,
    ItemLayout(type=SIGNATURE, name="signature", parts=SIGNATURE_PARTS, form="beside"),
)
