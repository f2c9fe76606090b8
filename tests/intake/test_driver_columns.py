"""Tables that name drivers are refused."""

import gzip
from pathlib import Path

import pytest

from h2corridor.intake.driver_columns import names_driver, refuse_driver_columns
from h2corridor.model.errors import InputError


@pytest.mark.parametrize(
    "column",
    [
        "driver", "driver_name", "driverId", "DRIVER_ID", "second driver", "licence_no", "driving_license",
        "LicenseNumber",        "phone", "mobile_phone", "id_card", "idCard", "identity card",
        "驾驶员", "司机姓名", "身份证号", "手机", "驾驶证号",
    ],
)  # fmt: skip
def test_a_name_that_speaks_of_a_driver_is_known(column: str) -> None:
    assert names_driver(column)


@pytest.mark.parametrize(
    "column",
    ["driven_km", "drive_mode", "plate", "license_plate", "vehicle_license_no", "legal_id", "certificate_id",
     "车牌", "里程", "telemetry", "identity", "received_at", "mobility", "card_no"],
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


def test_a_table_that_cannot_be_unpacked_is_left_to_others(tmp_path: Path) -> None:
    (tmp_path / "x.csv.gz").write_bytes(b"\x1f\x8bno")

    refuse_driver_columns("x.csv.gz", tmp_path / "x.csv.gz")
