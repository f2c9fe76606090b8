"""The sites of a trial, from the whole of `sites.csv`: which rows can stand, as the platform decides it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from h2verify.errors import BundleError
from h2verify.papers.cells import CELL_CHARACTERS_MAX, read_value
from h2verify.papers.columns import POSITION
from h2verify.papers.tables import read_cells, read_header

SITES_MAX = 5_000
_DEGREES_E6 = {"longitude_e6": 180_000_000, "latitude_e6": 90_000_000}
_TEXTS = ("site_id", "name_zh", "name_en", "kind", "operator_id", "grid_region")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A place [1e-6 degree, WGS 84] and its names; a cell that is empty is an empty text."""

    row: int
    site_id: str
    kind: str
    name_en: str
    name_zh: str
    grid_region: str
    longitude_e6: int
    latitude_e6: int


def read_sites(records: Iterable[bytes]) -> Mapping[str, SiteRow]:
    """The sites by id, in the order of their rows.

    A row without id or position, with a cell that cannot be read, or with an id that stood before is set aside, as the
    platform does.

    Parameters
    ----------
    records : the records of `sites.csv`, header first

    Raises
    ------
    BundleError
        `papers.row`: no header. `container.limit`: more than 5,000 rows.
    """
    sites: dict[str, SiteRow] = {}
    header: tuple[str, ...] | None = None
    for row, record in enumerate(records):
        if header is None:
            header = read_header(record)
            continue
        if row > SITES_MAX:
            raise BundleError("container.limit", f"more than {SITES_MAX} sites.", where="sites.csv")
        site = _find_site(row, header, record)
        if site is not None:
            sites.setdefault(site.site_id, site)
    if header is None:
        raise BundleError("papers.row", "expected a header.", where="sites.csv")
    return sites


def _find_site(row: int, header: tuple[str, ...], record: bytes) -> SiteRow | None:
    try:
        cells = read_cells(header, record)
        place = {column.field: read_value(column, cells.get(column.name, "")) for column in POSITION}
    except BundleError:
        return None
    texts = {name: cells.get(name, "") for name in _TEXTS}
    if not texts["site_id"] or any(len(text) > CELL_CHARACTERS_MAX for text in texts.values()):
        return None
    longitude, latitude = place["longitude_e6"], place["latitude_e6"]
    if not isinstance(longitude, int) or not isinstance(latitude, int):
        return None
    if abs(longitude) > _DEGREES_E6["longitude_e6"] or abs(latitude) > _DEGREES_E6["latitude_e6"]:
        return None
    return SiteRow(
        row=row,
        site_id=texts["site_id"],
        kind=texts["kind"],
        name_en=texts["name_en"],
        name_zh=texts["name_zh"],
        grid_region=texts["grid_region"],
        longitude_e6=longitude,
        latitude_e6=latitude,
    )
