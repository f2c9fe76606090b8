"""Tables that name drivers are refused."""

import gzip
from pathlib import Path

import pytest

from h2corridor.intake.driver_columns import refuse_driver_columns
from h2corridor.intake.driver_names import names_driver
from h2corridor.model.errors import InputError


@pytest.mark.parametrize(
    "column",
    [
        "driver", "driver_name", "driverId", "DRIVER_ID", "second driver", "licence_no", "driving_license",
        "LicenseNumber",        "phone", "mobile_phone", "id_card", "idCard", "identity card",
        "驾驶员", "司机姓名", "身份证号", "手机", "驾驶证号",
        "司機", "駕駛員", "ＤＲＩＶＥＲ", "驾驶", "押运员", "姓名", "联系人", "driverphone", "driverno", "drv_name",
        "driver1name", "siji", "jiashiyuan", "id_number", "person_name", "crew_id", "first_name", "微信", "副驾",
        "licence", "电话",
    ],
)  # fmt: skip
def test_a_name_that_speaks_of_a_driver_is_known(column: str) -> None:
    assert names_driver(column)


@pytest.mark.parametrize(
    "column",
    ["driven_km", "drive_mode", "plate", "license_plate", "vehicle_license_no", "legal_id", "certificate_id",
     "车牌", "里程", "telemetry", "identity", "received_at", "mobility", "card_no",
     "station_phone", "contact_phone", "加氢站电话", "移动电话站", "mobile_station_id", "operating_license_no",
     "hydrogen_licence_no", "motor_driver_temperature", "driver_door_open", "sim_phone_number", "driverless_km",
     "驾驶室温度", "自动驾驶"],
)  # fmt: skip
def test_a_name_that_does_not_is_let_through(column: str) -> None:
    assert not names_driver(column)


@pytest.mark.parametrize("path", ["legs.csv", "shifts.csv", "telemetry/LTEST000000000001/2026-03-02.csv.gz"])
def test_the_error_names_file_column_and_next_step(path: str, tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfid,driver_name\n1,x\n"
    file = tmp_path / "file"
    file.write_bytes(gzip.compress(content) if path.endswith(".gz") else content)

    with pytest.raises(InputError, match=r"table\.driver: .*driver_name.*supplier") as raised:
        refuse_driver_columns(path, file)

    assert path == raised.value.about


def test_a_header_in_another_encoding_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "legs.csv").write_bytes("编号,司机\n".encode("gb18030"))

    with pytest.raises(InputError, match=r"table\.driver"):
        refuse_driver_columns("legs.csv", tmp_path / "legs.csv")


def test_a_packed_day_that_cannot_be_unpacked_is_left_to_others(tmp_path: Path) -> None:
    (tmp_path / "x.csv.gz").write_bytes(b"\x1f\x8bno")

    refuse_driver_columns("telemetry/LTEST000000000001/2026-03-02.csv.gz", tmp_path / "x.csv.gz")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("roster.CSV", b"vin,driver\n"),
        ("roster.tsv", b"vin\tdriver\n"),
        ("roster.txt", b"Roster of March\n\nvin;driver\n"),
        ("roster.json", b'[{"legs": [{"vin": "x", "\\u53f8\\u673a": "y"}]}]'),
        ("legs.csv", b"\n,,\nleg_id,driver\n"),
        ("legs.csv", "leg_id,司机\n".encode("utf-16")),
        ("legs.csv", "leg_id,司机\n".encode("utf-16-be")),
        ("legs.csv", b"leg_id,contact_phone\n"),
        ("roster", gzip.compress(b"vin,driver\n", mtime=0)),
        ("legs.csv", "leg_id,司机\n".encode() + b"\xff\n"),
    ],
)
def test_whatever_the_file_is_called_and_however_it_is_written_it_is_looked_at(
    path: str, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(InputError, match=r"table\.driver"):
        refuse_driver_columns(path, tmp_path / "file")


@pytest.mark.parametrize("value", ["13800138000", "+86 138 0013 8000", "11010519491231002X", "１３８００１３８０００"])
@pytest.mark.parametrize("form", ["leg_id,remark\n1,{0}\n2,{0}\n3,\n", '[{{"remark": "{0}"}}]'])
def test_values_that_identify_a_person_are_refused_and_never_repeated(form: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(form.format(value), encoding="utf-8")

    with pytest.raises(InputError, match=r"table\.driver.*remark") as raised:
        refuse_driver_columns("legs.csv", tmp_path / "file")

    assert value not in str(raised.value)


@pytest.mark.parametrize("value", ["110105194912310021", "110105194913310028", "12800138000", "1773043200000", ""])
def test_other_numbers_are_let_through(value: str, tmp_path: Path) -> None:
    (tmp_path / "legs.csv").write_text(f"leg_id,remark\n1,{value}\n", encoding="utf-8")

    refuse_driver_columns("legs.csv", tmp_path / "legs.csv")


def test_a_file_that_cannot_be_looked_at_is_refused(tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(b"PK\x03\x04\x14\0\x06\0")

    with pytest.raises(InputError, match=r"dataset\.no-text"):
        refuse_driver_columns("roster.xlsx", tmp_path / "roster.xlsx")


@pytest.mark.parametrize("begins", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
def test_a_workbook_is_called_one(begins: bytes, tmp_path: Path) -> None:
    file = tmp_path / "legs.xlsx"
    file.write_bytes(begins + bytes(range(256)))
    with pytest.raises(InputError, match=r"dataset\.no-text: legs\.xlsx: it is an Excel file"):
        refuse_driver_columns("legs.xlsx", file)
