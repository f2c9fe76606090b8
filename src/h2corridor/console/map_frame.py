"""The frame of the map: which part of the earth it shows, where a position falls in it. Floats, for the screen only."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 480
HEIGHT_MIN, HEIGHT_MAX = 260, 620
MARGIN = 46
_KM_PER_DEGREE = 111.32
_SPAN_MIN_DEGREES = 0.02

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleBar:
    length_km: str
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFrame:
    """An equirectangular picture, true at its middle latitude; positions in degrees, the frame in pixels, y down."""

    west: float
    north: float
    cosine: float
    pixels_per_degree: float
    offset_x: float
    offset_y: float
    height: int

    def place(self, lon_e6: int, lat_e6: int) -> Point:
        """Where a position falls, in pixels from the upper left corner."""
        x = self.offset_x + (lon_e6 / 1e6 - self.west) * self.cosine * self.pixels_per_degree
        y = self.offset_y + (self.north - lat_e6 / 1e6) * self.pixels_per_degree
        return x, y

    def shows(self, point: Point) -> bool:
        """Whether a point is inside the picture."""
        return 0 <= point[0] <= WIDTH and 0 <= point[1] <= self.height

    def scale_bar(self) -> ScaleBar:
        """The longest of 1, 2, 5, 10 ... km that takes up at most a third of the width."""
        pixels_per_km = self.pixels_per_degree / _KM_PER_DEGREE
        longest_km = WIDTH / 3 / pixels_per_km
        power = 10.0 ** math.floor(math.log10(longest_km))
        length_km = max(step * power for step in (1, 2, 5) if step * power <= longest_km)
        return ScaleBar(length_km=f"{length_km:g}", width=round(length_km * pixels_per_km, 1))


def find_map_frame(positions: Iterable[tuple[int, int]]) -> MapFrame | None:
    """The frame that holds all positions, (longitude, latitude) in millionths of a degree; None without positions."""
    places = [(lon / 1e6, lat / 1e6) for lon, lat in positions if abs(lat) <= 85_000_000 and abs(lon) <= 180_000_000]
    if not places:
        return None
    west, east = min(lon for lon, _ in places), max(lon for lon, _ in places)
    south, north = min(lat for _, lat in places), max(lat for _, lat in places)
    cosine = math.cos(math.radians((south + north) / 2))
    across = max((east - west) * cosine, _SPAN_MIN_DEGREES)
    down = max(north - south, _SPAN_MIN_DEGREES)
    scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT_MAX - 2 * MARGIN) / down)
    height = min(max(round(down * scale) + 2 * MARGIN, HEIGHT_MIN), HEIGHT_MAX)
    return MapFrame(
        west=west,
        north=north,
        cosine=cosine,
        pixels_per_degree=scale,
        offset_x=(WIDTH - (east - west) * cosine * scale) / 2,
        offset_y=(height - (north - south) * scale) / 2,
        height=height,
    )
