// Hydrogen in a tank and through a stack: decimals of 40 digits, handed on as whole milligrams (BigInt).
// Logarithm and exponential are computed with many digits to spare and rounded once, as decimal arithmetic asks.

const HYDROGEN_ARITHMETIC = new DecimalContext(40);
const _H2_DIGITS = 100;
const _H2_ONE = 10n ** BigInt(_H2_DIGITS);
const _H2_LN2 = 2n * _areaTangent(_H2_ONE / 3n);
const _H2_HALVINGS = 8n;

const _H2_MOLAR_MASS_G = Decimal.of("2.01588");
const _H2_GAS_CONSTANT = Decimal.of("8.314472");
const _H2_FARADAY_TWICE = Decimal.of("192970.66424");
const _H2_THOUSAND = new Decimal(1000n);

/** The nine terms of the density equation of normal hydrogen: a (100 K / T)^b (p / 1 MPa)^c. */
const _H2_TERMS = [
  ["0.05888460", "1.325", "1.0"],
  ["-0.06136111", "1.87", "1.0"],
  ["-0.002650473", "2.5", "2.0"],
  ["0.002731125", "2.8", "2.0"],
  ["0.001802374", "2.938", "2.42"],
  ["-0.001150707", "3.14", "2.63"],
  ["0.00009588528", "3.37", "3.0"],
  ["-0.0000001109040", "3.75", "4.0"],
  ["0.0000000001264403", "4.0", "5.0"],
].map((term) => term.map((text) => Decimal.of(text)));

/** The inverse hyperbolic tangent of a fixed-point number of 100 decimals, at most a third. */
function _areaTangent(number) {
  const square = (number * number) / _H2_ONE;
  let total = 0n;
  let power = number;
  for (let order = 1n; power !== 0n; order += 2n) {
    total += power / order;
    power = (power * square) / _H2_ONE;
  }
  return total;
}

/** A decimal as a fixed-point number of 100 decimals. */
function _fixedPoint(value) {
  return value.units(_H2_DIGITS);
}

/** The natural logarithm of a decimal above 0, rounded to the context. */
function naturalLogarithm(value, context) {
  let number = _fixedPoint(value);
  let twos = 0n;
  for (; 3n * number > 4n * _H2_ONE; twos += 1n) number /= 2n;
  for (; 3n * number < 2n * _H2_ONE; twos -= 1n) number *= 2n;
  const tangent = ((number - _H2_ONE) * _H2_ONE) / (number + _H2_ONE);
  return context.rounded(new Decimal(twos * _H2_LN2 + 2n * _areaTangent(tangent), -_H2_DIGITS));
}

/** The exponential of a decimal, rounded to the context. */
function exponential(value, context) {
  const number = _fixedPoint(value);
  const twos = number / _H2_LN2;
  const rest = (number - twos * _H2_LN2) >> _H2_HALVINGS;
  let total = _H2_ONE;
  let term = _H2_ONE;
  for (let order = 1n; term !== 0n && term !== -1n; order += 1n) {
    term = (term * rest) / (_H2_ONE * order);
    total += term;
  }
  for (let halving = 0n; halving < _H2_HALVINGS; halving += 1n) total = (total * total) / _H2_ONE;
  const whole = twos >= 0n ? new Decimal(total << twos, -_H2_DIGITS) : _halved(total, -twos);
  return context.rounded(whole);
}

/** A fixed-point number divided by a power of two, exactly: times that power of five, over a power of ten. */
function _halved(number, twos) {
  return new Decimal(number * 5n ** twos, -_H2_DIGITS - Number(twos));
}

/** The compressibility factor Z of hydrogen. */
function _compressibility(pressureMpa, kelvin) {
  const context = HYDROGEN_ARITHMETIC;
  const logTemperature = naturalLogarithm(context.divide(new Decimal(100n), kelvin), context);
  const logPressure = naturalLogarithm(pressureMpa, context);
  let sum = new Decimal(0n);
  for (const [a, b, c] of _H2_TERMS) {
    const power = context.add(context.multiply(b, logTemperature), context.multiply(c, logPressure));
    sum = context.add(sum, context.multiply(a, exponential(power, context)));
  }
  return context.add(new Decimal(1n), sum);
}

const _knownDensities = new Map();
const _KNOWN_DENSITIES_MAX = 20_000;

/** Moles a litre at a pressure [kPa, BigInt above 0] and temperature [0.1 °C, BigInt]. */
function _molarDensity(pressureKpa, temperatureDc) {
  const key = `${pressureKpa}/${temperatureDc}`;
  const known = _knownDensities.get(key);
  if (known) return known;
  const context = HYDROGEN_ARITHMETIC;
  const kelvin = context.add(new Decimal(temperatureDc, -1), Decimal.of("273.15"));
  const pressureMpa = new Decimal(pressureKpa, -3);
  const thermal = context.multiply(_H2_GAS_CONSTANT, kelvin);
  const ideal = context.divide(context.multiply(pressureMpa, _H2_THOUSAND), thermal);
  const density = context.divide(ideal, _compressibility(pressureMpa, kelvin));
  if (_knownDensities.size >= _KNOWN_DENSITIES_MAX) _knownDensities.clear();
  _knownDensities.set(key, density);
  return density;
}

/** The hydrogen in a tank [mg], from pressure [kPa], temperature [0.1 °C] and water volume [ml]; all BigInt. */
function tankMassMg(pressureKpa, temperatureDc, volumeMl) {
  if (pressureKpa === 0n || volumeMl === 0n) return 0n;
  const context = HYDROGEN_ARITHMETIC;
  const gramsALitre = context.multiply(_molarDensity(pressureKpa, temperatureDc), _H2_MOLAR_MASS_G);
  return context.multiply(gramsALitre, new Decimal(volumeMl)).units(0);
}

/** The hydrogen [mg] that a charge converted: twice the cells times 0.1 A times seconds (BigInt). */
function stackHydrogenMg(chargeTwice) {
  const context = HYDROGEN_ARITHMETIC;
  const coulombs = context.divide(new Decimal(chargeTwice), new Decimal(20n));
  const moles = context.divide(coulombs, _H2_FARADAY_TWICE);
  return context.multiply(context.multiply(moles, _H2_MOLAR_MASS_G), _H2_THOUSAND).units(0);
}
