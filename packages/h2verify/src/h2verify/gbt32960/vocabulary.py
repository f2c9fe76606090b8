"""The fields and items that recur in both editions of the field table, each with what differs as an argument."""

from .parts import Blob, Field, ItemLayout, Part, Records, Run


def state(name: str, last: int) -> Field:
    return Field(name=name, width=1, valid=(1, last))


def number(name: str, last: int = 253, width: int = 1) -> Field:
    return Field(name=name, width=width, valid=(1, last))


def celsius(name: str, last: int = 250) -> Field:
    return Field(name=name, width=1, offset="-40", unit="°C", valid=(0, last))


def volt(name: str, last: int, scale: str = "0.1") -> Field:
    return Field(name=name, width=2, scale=scale, unit="V", valid=(0, last))


def ampere(name: str, last: int, offset: str = "0") -> Field:
    return Field(name=name, width=2, scale="0.1", offset=offset, unit="A", valid=(0, last))


def count(name: str, width: int, *, last: int, shown: bool = True) -> Field:
    return Field(name=name, width=width, valid=(0, last), shown="quantity" if shown else "hidden")


def plain(name: str, width: int) -> Field:
    return Field(name=name, width=width, sentinels=False, shown="plain")


def records_count(*, shown: bool, last: int) -> Field:
    return Field(name="count_raw", width=1, valid=(0, last), shown="plain" if shown else "hidden")


def faults(name: str, width: int = 4) -> Run:
    count = Field(name=f"{name}_count", width=1)
    return Run(name=name, count=count, element=plain("code", width), shown="codes")


def degrees(name: str, last: int) -> Field:
    return Field(name=name, width=4, scale="0.000001", unit="°", valid=(0, last))


def vehicle_head(*, speed_last: int, voltage_last: int, current_last: int, current_offset: str) -> tuple[Part, ...]:
    return (
        state("state", 3),
        state("charge", 4),
        state("mode", 3),
        Field(name="speed_kmh", width=2, scale="0.1", unit="km/h", valid=(0, speed_last)),
        Field(name="odometer_km", width=4, scale="0.1", unit="km", valid=(0, 9_999_999)),
        volt("voltage_v", voltage_last),
        ampere("current_a", current_last, current_offset),
        Field(name="soc_pct", width=1, unit="%", valid=(0, 100)),
        state("dcdc", 2),
        Field(name="gear_raw", width=1, sentinels=False),
        Field(name="insulation_kohm", width=2, unit="kΩ", valid=(0, 60_000)),
    )


def motors(parts: tuple[Part, ...]) -> ItemLayout:
    motors = Records(name="motors", count=records_count(shown=True, last=253), parts=parts)
    return ItemLayout(type=2, name="drive_motors", parts=(motors,), form="beside")


def alarm(item_type: int, level_last: int, *more: Run) -> ItemLayout:
    parts: tuple[Part, ...] = (
        Field(name="level", width=1, valid=(0, level_last)),
        plain("flags_raw", 4),
        faults("battery_faults"),
        faults("motor_faults"),
        faults("engine_faults"),
        faults("other_faults"),
        *more,
    )
    return ItemLayout(type=item_type, name="alarm", parts=parts)


def temperatures(item_type: int) -> ItemLayout:
    probes = Run(name="probes_c", count=count("probe_count", 2, last=65_531, shown=False), element=celsius("probe_c"))
    number = Field(name="no", width=1, shown="plain")
    records = Records(name="subsystems", count=records_count(shown=False, last=250), parts=(number, probes))
    return ItemLayout(type=item_type, name="battery_temperatures", parts=(records,), form="beside")


def extremes(item_type: int, name: str, number_last: int, number_width: int, volt_last: int) -> ItemLayout:
    system_last = number_last if number_width == 1 else 253
    parts: list[Part] = []
    for side in ("vmax", "vmin"):
        parts.append(number(f"{side}_system", system_last))
        parts.append(number(f"{side}_cell", number_last, number_width))
        parts.append(volt(f"{side}_v", volt_last, "0.001"))
    for side in ("tmax", "tmin"):
        parts.append(number(f"{side}_system", system_last))
        parts.append(number(f"{side}_probe", number_last, number_width))
        parts.append(celsius(f"{side}_c"))
    return ItemLayout(type=item_type, name=name, parts=tuple(parts))


def hydrogen_head(conc: Field, temperature: Field, number_last: int) -> tuple[Part, ...]:
    return (
        temperature,
        number("h2_max_temp_probe", number_last),
        conc,
        number("h2_max_conc_sensor", number_last),
        Field(name="h2_max_pressure_mpa", width=2, scale="0.1", unit="MPa", valid=(0, 1000)),
        number("h2_max_pressure_sensor", number_last),
        state("hv_dcdc", 2),
    )


LATITUDE, LONGITUDE = degrees("latitude", 90_000_000), degrees("longitude", 180_000_000)
POSITION_STATUS = plain("status_raw", 1)

CUSTOM_ITEMS = tuple(
    ItemLayout(type=code, name="custom", parts=(Blob(name="hex", length=plain("length", 2)),), form="beside")
    for code in range(0x80, 0xFF)
)

SIGNATURE_PARTS: tuple[Part, ...] = (
    plain("signature_type_raw", 1),
    Blob(name="r_hex", length=Field(name="r_length", width=2, sentinels=False, shown="hidden")),
    Blob(name="s_hex", length=Field(name="s_length", width=2, sentinels=False, shown="hidden")),
)
