// Distances between places and the coordinate shift of GCJ-02: decimals of 30 digits, whole numbers out (BigInt).
// Places are degrees times one million (BigInt).

const GEODESY_ARITHMETIC = new DecimalContext(30);
const _GEO_PI = Decimal.of("3.14159265358979323846264338328");
const _GEO_TURN = Decimal.of("6.28318530717958647692528676656");
const _GEO_QUARTER = GEODESY_ARITHMETIC.divide(_GEO_PI, new Decimal(2n));
const _GEO_TINY = new Decimal(1n, -24);
const _GEO_RADIUS_M = Decimal.of("6371008.8");
const _GEO_AXIS_M = Decimal.of("6378245");
const _GEO_ECCENTRICITY = Decimal.of("0.00669342162296594323");
const _GEO_SHIFT_ROUNDS = 3;
const _GEO_NEWTON_ROUNDS = 60;
const _GEO_KNOWN_MAX = 20_000;
const _knownDistances = new Map();

/** Whole numbers as decimals, and the operations of this file under short names; each result is rounded. */
const _whole = (number) => new Decimal(BigInt(number));
const _plus = (a, b) => GEODESY_ARITHMETIC.add(a, b);
const _minus = (a, b) => GEODESY_ARITHMETIC.subtract(a, b);
const _times = (...factors) => factors.reduce((a, b) => GEODESY_ARITHMETIC.multiply(a, b));
const _over = (a, b) => GEODESY_ARITHMETIC.divide(a, b);

/** Whether the size of a decimal is above the smallest that counts. */
function _isAboveTiny(value) {
  return (value.isNegative ? value.negated() : value).compare(_GEO_TINY) > 0;
}

function _isBelowTiny(value) {
  return (value.isNegative ? value.negated() : value).compare(_GEO_TINY) < 0;
}

/** The whole root of a whole number from 0 (BigInt). */
function _wholeSquareRoot(number) {
  if (number < 2n) return number;
  let root = 1n << BigInt((number.toString(2).length + 1) >> 1);
  for (let next = (root + number / root) >> 1n; next < root; next = (root + number / root) >> 1n) root = next;
  return root;
}

/** The square root of a decimal from 0, rounded to the context. */
function squareRoot(value, context) {
  if (value.isZero) return new Decimal(0n);
  const wanted = 2 * context.digits + 4 - value.coefficient.toString().length;
  const places = Math.max(wanted, 0) + ((Math.max(wanted, 0) + value.exponent) & 1);
  const radicand = value.coefficient * 10n ** BigInt(places);
  const root = _wholeSquareRoot(radicand);
  const exponent = (value.exponent - places) / 2;
  // A last digit that is neither 0 nor 5 stands for what the whole root cut off.
  const whole = root * root === radicand ? new Decimal(root, exponent) : new Decimal(root * 10n + 1n, exponent - 1);
  return context.rounded(whole);
}

function _sine(angle) {
  const turns = new Decimal(_over(angle, _GEO_TURN).units(0));
  const x = _minus(angle, _times(turns, _whole(2), _GEO_PI));
  const square = _times(x, x);
  let term = x;
  let total = x;
  for (let order = 1; _isAboveTiny(term); order += 2) {
    term = _over(_times(term.negated(), square), _whole((order + 1) * (order + 2)));
    total = _plus(total, term);
  }
  return total;
}

function _cosine(angle) {
  return _sine(_plus(angle, _GEO_QUARTER));
}

/** Solves sin(x) = value for 0 <= value <= 1 by Newton's rule. */
function _arcsine(value) {
  let x = value;
  for (let round = 0; round < _GEO_NEWTON_ROUNDS; round += 1) {
    const slope = _cosine(x);
    if (_isBelowTiny(slope)) break;
    const step = _over(_minus(_sine(x), value), slope);
    x = _minus(x, step);
    if (_isBelowTiny(step)) break;
  }
  return x;
}

function _radians(degreesE6) {
  return _over(_times(new Decimal(degreesE6), _GEO_PI), _whole(180_000_000));
}

/** The great-circle distance [mm] between two WGS 84 places. */
function greatCircleMm(longitudeA, latitudeA, longitudeB, latitudeB) {
  const key = `${longitudeA} ${latitudeA} ${longitudeB} ${latitudeB}`;
  let distance = _knownDistances.get(key);
  if (distance === undefined) {
    distance = _greatCircleMm(longitudeA, latitudeA, longitudeB, latitudeB);
    if (_knownDistances.size >= _GEO_KNOWN_MAX) _knownDistances.clear();
    _knownDistances.set(key, distance);
  }
  return distance;
}

function _greatCircleMm(longitudeA, latitudeA, longitudeB, latitudeB) {
  const latA = _radians(latitudeA);
  const latB = _radians(latitudeB);
  const halfLat = _sine(_over(_minus(latB, latA), _whole(2)));
  const halfLon = _sine(_over(_radians(longitudeB - longitudeA), _whole(2)));
  const along = _times(halfLat, halfLat);
  const across = _times(_cosine(latA), _cosine(latB), halfLon, halfLon);
  const chord = _plus(along, across);
  const root = squareRoot(chord.compare(_whole(1)) > 0 ? _whole(1) : chord, GEODESY_ARITHMETIC);
  const angle = _times(_whole(2), _arcsine(root));
  return _times(angle, _GEO_RADIUS_M, _whole(1000)).units(0);
}

/** The WGS 84 place [longitude, latitude] that GCJ-02 shows as the given one: the shift undone in three rounds. */
function wgs84FromGcj02(longitudeE6, latitudeE6) {
  const longitude = new Decimal(longitudeE6, -6);
  const latitude = new Decimal(latitudeE6, -6);
  let guess = [longitude, latitude];
  for (let round = 0; round < _GEO_SHIFT_ROUNDS; round += 1) {
    const [east, north] = _gcj02Shift(...guess);
    guess = [_minus(longitude, east), _minus(latitude, north)];
  }
  return guess.map((degrees) => _times(degrees, _whole(1_000_000)).units(0));
}

function _gcj02Shift(longitude, latitude) {
  const x = _minus(longitude, _whole(105));
  const y = _minus(latitude, _whole(35));
  const root = squareRoot(x.isNegative ? x.negated() : x, GEODESY_ARITHMETIC);
  const wave = (factor) => _times(_whole(20), _sine(_times(_whole(factor), x, _GEO_PI)));
  const common = _plus(wave(6), wave(2));
  const sum = (...terms) => terms.reduce(_plus);
  const thirds = (waves) => _over(_times(_plus(common, waves), _whole(2)), _whole(3));
  const crossed = _over(_times(x, y), _whole(10));
  const northHead = sum(_whole(-100), _times(_whole(2), x), _times(_whole(3), y), _over(_times(y, y), _whole(5)));
  const northTail = thirds(_waves(y, [20, 1], [40, 3], [160, 12], [320, 30]));
  const north = sum(northHead, crossed, _over(root, _whole(5)), northTail);
  const eastHead = sum(_whole(300), x, _times(_whole(2), y), _over(_times(x, x), _whole(10)));
  const eastTail = thirds(_waves(x, [20, 1], [40, 3], [150, 12], [300, 30]));
  const east = sum(eastHead, crossed, _over(root, _whole(10)), eastTail);
  return _degreesOfShift(latitude, east, north);
}

/** A shift in metres as degrees on the ellipsoid of Krasovsky at a latitude. */
function _degreesOfShift(latitude, east, north) {
  const radians = _times(_over(latitude, _whole(180)), _GEO_PI);
  const sine = _sine(radians);
  const magic = _minus(_whole(1), _times(_GEO_ECCENTRICITY, sine, sine));
  const root = squareRoot(magic, GEODESY_ARITHMETIC);
  const flattened = _times(_GEO_AXIS_M, _minus(_whole(1), _GEO_ECCENTRICITY));
  const meridian = _over(flattened, _times(magic, root));
  const parallel = _times(_over(_GEO_AXIS_M, root), _cosine(radians));
  const degrees = (metres, radius) => _over(_times(metres, _whole(180)), _times(radius, _GEO_PI));
  return [degrees(east, parallel), degrees(north, meridian)];
}

function _waves(angle, ...terms) {
  const wave = ([amplitude, part]) => _times(_whole(amplitude), _sine(_over(_times(angle, _GEO_PI), _whole(part))));
  return terms.map(wave).reduce(_plus, new Decimal(0n));
}
