"""Tables cut into cells, and the list of sites."""

import pytest
from h2verify.errors import BundleError
from h2verify.papers import read_cells, read_header, read_sites

HEADER = b"site_id,name_zh,name_en,kind,operator_id,lat,lon,grid_region\n"


def _site(site_id: str = "A", latitude: str = "29.6", longitude: str = "106.32", kind: str = "hub") -> bytes:
    return f"{site_id},zh,en,{kind},,{latitude},{longitude},Chongqing\r\n".encode()


def test_mark_line_end_and_quotes_are_no_part_of_a_cell() -> None:
    header = read_header(b'\xef\xbb\xbf"a",b\r\n')

    assert ("a", "b") == header
    assert {"a": "1,2\n3", "b": 'say "x"'} == read_cells(header, b'"1,2\n3","say ""x"""\r\n')


@pytest.mark.parametrize(
    "record", [b"", b"\n", b",\n", b"a,a\n", b'"a\n', b"\xff\n", b"a\rb\n", b",".join([b"a"] * 300)]
)
def test_a_header_that_cannot_be_one_is_refused(record: bytes) -> None:
    with pytest.raises(BundleError) as refused:
        read_header(record)

    assert "papers.row" == refused.value.code


@pytest.mark.parametrize("record", [b"", b"1\n", b"1,2,3\n", b'1,"2\n', b'1,"2"3\n', b"1,\x002\n", b"1,\xe4\n"])
def test_a_row_that_has_other_cells_than_its_header_is_refused(record: bytes) -> None:
    with pytest.raises(BundleError) as refused:
        read_cells(("a", "b"), record)

    assert "papers.row" == refused.value.code


def test_a_site_is_where_its_row_says() -> None:
    site = read_sites([HEADER, _site()])["A"]

    assert (1, 106_320_000, 29_600_000, "Chongqing") == (
        site.row,
        site.longitude_e6,
        site.latitude_e6,
        site.grid_region,
    )


@pytest.mark.parametrize(
    "row",
    [
        _site(site_id=""),
        _site(latitude=""),
        _site(latitude="29.1234567"),
        _site(latitude="90.000001"),
        _site(longitude="-180.000001"),
        _site(kind="x" * 4097),
        b"A,zh\n",
        b"\n",
    ],
)
def test_a_site_whose_row_cannot_stand_is_set_aside_and_a_later_one_counts(row: bytes) -> None:
    assert 2 == read_sites([HEADER, row, _site()])["A"].row


def test_of_two_rows_with_one_id_the_first_counts() -> None:
    assert 1 == read_sites([HEADER, _site(), _site(latitude="1")])["A"].row


def test_sites_without_end_are_refused() -> None:
    with pytest.raises(BundleError) as refused:
        read_sites([HEADER, *(_site(site_id=str(number)) for number in range(5001))])

    assert "container.limit" == refused.value.code
