"""Distance between two places and the coordinate shift of GCJ-02, in fixed precision with integer results.

Places are WGS 84 or GCJ-02 degrees times one million. Sines are summed to 30 digits, so that every machine gives the
same integer.

References
----------
The shift has no published standard (`unseen`); the formula is the one in public use since 2010, checked against
reprojected trial data. Great circle on the sphere of mean radius 6371.0088 km (IUGG).
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache

_EXACT = Context(prec=30, rounding=ROUND_HALF_EVEN)
_PI = Decimal("3.14159265358979323846264338328")
_TINY = Decimal("1e-24")
_EARTH_RADIUS_M = Decimal("6371008.8")
_MILLION = Decimal(1_000_000)
_KRASOVSKY_AXIS_M = Decimal(6378245)
_KRASOVSKY_ECCENTRICITY_SQUARED = Decimal("0.00669342162296594323")
_SHIFT_ROUNDS = 3


@lru_cache(maxsize=65536)
def great_circle_mm(longitude_a_e6: int, latitude_a_e6: int, longitude_b_e6: int, latitude_b_e6: int) -> int:
    """Give the great-circle distance [mm] between two WGS 84 places [1e-6 degree].

    Examples
    --------
    >>> great_circle_mm(106_320_000, 29_600_000, 106_320_000, 29_609_000)
    1000756
    """
    with localcontext(_EXACT):
        lat_a, lat_b = _radians(latitude_a_e6), _radians(latitude_b_e6)
        half_lat = _sine((lat_b - lat_a) / 2)
        half_lon = _sine(_radians(longitude_b_e6 - longitude_a_e6) / 2)
        chord = half_lat * half_lat + _cosine(lat_a) * _cosine(lat_b) * half_lon * half_lon
        angle = 2 * _arcsine(min(chord, Decimal(1)).sqrt())
        return int((angle * _EARTH_RADIUS_M * 1000).to_integral_value(rounding=ROUND_HALF_EVEN))


@lru_cache(maxsize=65536)
def wgs84_from_gcj02(longitude_e6: int, latitude_e6: int) -> tuple[int, int]:
    """Give the WGS 84 place [1e-6 degree] that GCJ-02 shows as the given one.

    The shift is defined forwards only; its inverse is approached in three rounds, which leaves less than a millionth of
    a degree.
    """
    with localcontext(_EXACT):
        longitude, latitude = Decimal(longitude_e6) / _MILLION, Decimal(latitude_e6) / _MILLION
        guess_longitude, guess_latitude = longitude, latitude
        for _ in range(_SHIFT_ROUNDS):
            east, north = _gcj02_shift(guess_longitude, guess_latitude)
            guess_longitude, guess_latitude = longitude - east, latitude - north
        return _micro(guess_longitude), _micro(guess_latitude)


def _gcj02_shift(longitude: Decimal, latitude: Decimal) -> tuple[Decimal, Decimal]:
    x, y = longitude - 105, latitude - 35
    root = abs(x).sqrt()
    common = 20 * _sine(6 * x * _PI) + 20 * _sine(2 * x * _PI)
    north = -100 + 2 * x + 3 * y + y * y / 5 + x * y / 10 + root / 5
    north += (common + _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))) * 2 / 3
    east = 300 + x + 2 * y + x * x / 10 + x * y / 10 + root / 10
    east += (common + _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))) * 2 / 3
    radians = latitude / 180 * _PI
    sine = _sine(radians)
    magic = 1 - _KRASOVSKY_ECCENTRICITY_SQUARED * sine * sine
    magic_root = magic.sqrt()
    meridian = _KRASOVSKY_AXIS_M * (1 - _KRASOVSKY_ECCENTRICITY_SQUARED) / (magic * magic_root)
    parallel = _KRASOVSKY_AXIS_M / magic_root * _cosine(radians)
    return east * 180 / (parallel * _PI), north * 180 / (meridian * _PI)


def _waves(angle: Decimal, *terms: tuple[int, int]) -> Decimal:
    return sum((amplitude * _sine(angle * _PI / part) for amplitude, part in terms), Decimal(0))


def _radians(degrees_e6: int) -> Decimal:
    return degrees_e6 * _PI / 180_000_000


def _sine(angle: Decimal) -> Decimal:
    turns = (angle / (2 * _PI)).to_integral_value(rounding=ROUND_HALF_EVEN)
    x = angle - turns * 2 * _PI
    term, total, order, square = x, x, 1, x * x
    while abs(term) > _TINY:
        term = -term * square / ((order + 1) * (order + 2))
        total += term
        order += 2
    return total


def _cosine(angle: Decimal) -> Decimal:
    return _sine(angle + _PI / 2)


def _arcsine(value: Decimal) -> Decimal:
    """Solve sin(x) = value for 0 <= value <= 1 by Newton's rule; distances here are far from a quarter turn."""
    x = value
    for _ in range(60):
        slope = _cosine(x)
        if abs(slope) < _TINY:
            break
        step = (_sine(x) - value) / slope
        x -= step
        if abs(step) < _TINY:
            break
    return x


def _micro(degrees: Decimal) -> int:
    return int((degrees * _MILLION).to_integral_value(rounding=ROUND_HALF_EVEN))
