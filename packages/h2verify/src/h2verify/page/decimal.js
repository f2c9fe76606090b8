// Decimal floating point as in the General Decimal Arithmetic: a sign-carrying whole coefficient times a power of ten.
// Every operation is rounded once, half to even, to the digits of its context.

const EXPONENT_MAX = 999_999;

/** A number: coefficient (BigInt) times ten to the exponent (Number). Only its value counts, not its trailing zeros. */
class Decimal {
  constructor(coefficient, exponent = 0) {
    this.coefficient = coefficient;
    this.exponent = exponent;
    Object.freeze(this);
  }

  /** The number that a plain decimal text (no exponent) says; the caller has checked its form. */
  static of(text) {
    const [whole, fraction = ""] = String(text).split(".");
    return new Decimal(BigInt(whole + fraction), -fraction.length);
  }

  /** Digits before the dot of the number written out; below one, minus the zeros after it. */
  get top() {
    return _digits(this.coefficient) + this.exponent;
  }

  /** The same number without trailing zeros in its coefficient. */
  shortened() {
    if (this.isZero) return new Decimal(0n);
    const digits = _magnitude(this.coefficient).toString();
    const zeros = digits.length - digits.replace(/0+$/, "").length;
    return zeros ? new Decimal(this.coefficient / _powerOfTen(zeros), this.exponent + zeros) : this;
  }

  get isZero() {
    return this.coefficient === 0n;
  }

  get isNegative() {
    return this.coefficient < 0n;
  }

  negated() {
    return new Decimal(-this.coefficient, this.exponent);
  }

  /** -1, 0 or 1. */
  compare(other) {
    const [a, b] = [this.coefficient, other.coefficient];
    const signs = [a < 0n ? -1 : a > 0n ? 1 : 0, b < 0n ? -1 : b > 0n ? 1 : 0];
    if (signs[0] !== signs[1] || signs[0] === 0) return Math.sign(signs[0] - signs[1]);
    if (this.top !== other.top) return this.top > other.top ? signs[0] : -signs[0];
    const [x, y] = _aligned(this, other);
    return x < y ? -1 : x > y ? 1 : 0;
  }

  /** The one text: no exponent, no trailing zeros after the dot, no negative zero. */
  toString() {
    if (this.isZero) return "0";
    const sign = this.isNegative ? "-" : "";
    let digits = _magnitude(this.coefficient).toString();
    if (this.exponent >= 0) return sign + digits + "0".repeat(this.exponent);
    digits = digits.padStart(1 - this.exponent, "0");
    const whole = digits.slice(0, this.exponent);
    const fraction = digits.slice(this.exponent).replace(/0+$/, "");
    return sign + whole + (fraction ? `.${fraction}` : "");
  }

  /** The whole number of units of 10^-places nearest to this, half to even (BigInt). */
  units(places) {
    const shift = this.exponent + places;
    if (shift >= 0) return this.coefficient * _powerOfTen(shift);
    if (-shift > _digits(this.coefficient) + 1) return 0n;
    return _halfEven(this.coefficient, -shift);
  }
}

function _magnitude(number) {
  return number < 0n ? -number : number;
}

function _digits(number) {
  return number === 0n ? 1 : _magnitude(number).toString().length;
}

function _powerOfTen(power) {
  return 10n ** BigInt(power);
}

function _aligned(a, b) {
  const exponent = Math.min(a.exponent, b.exponent);
  return [a.coefficient * _powerOfTen(a.exponent - exponent), b.coefficient * _powerOfTen(b.exponent - exponent)];
}

/** A whole number without its last `drop` digits, rounded half to even. */
function _halfEven(number, drop) {
  const unit = _powerOfTen(drop);
  const size = _magnitude(number);
  let kept = size / unit;
  const rest = (size % unit) * 2n;
  if (rest > unit || (rest === unit && kept & 1n)) kept += 1n;
  return number < 0n ? -kept : kept;
}

const _ZERO = new Decimal(0n);

/** No result: a division by zero, or a number beyond 1e±999999. */
class DecimalFault extends Error {}

/** Arithmetic to a number of significant digits. */
class DecimalContext {
  constructor(digits) {
    this.digits = digits;
    Object.freeze(this);
  }

  /** The nearest number of the context. */
  rounded(value) {
    let { coefficient, exponent } = value;
    if (coefficient === 0n) return _ZERO;
    if (exponent + _digits(coefficient) - 1 < -EXPONENT_MAX) throw new DecimalFault("too small a number");
    const spare = _digits(coefficient) - this.digits;
    if (spare > 0) {
      coefficient = _halfEven(coefficient, spare);
      exponent += spare;
      if (_digits(coefficient) > this.digits) {
        coefficient /= 10n;
        exponent += 1;
      }
    }
    if (exponent + _digits(coefficient) - 1 > EXPONENT_MAX) throw new DecimalFault("too large a number");
    return new Decimal(coefficient, exponent);
  }

  add(a, b) {
    if (a.isZero || b.isZero) return this.rounded(a.isZero ? b : a);
    const [high, low] = a.exponent >= b.exponent ? [a, b] : [b, a];
    const reach = _digits(high.coefficient) + this.digits + 2;
    const top = low.exponent + _digits(low.coefficient);
    if (top < high.exponent - reach) {
      const sticky = new Decimal(low.isNegative ? -1n : 1n, high.exponent - reach);
      return this.rounded(this._sum(high, sticky));
    }
    return this.rounded(this._sum(high, low));
  }

  _sum(a, b) {
    const [x, y] = _aligned(a, b);
    return new Decimal(x + y, Math.min(a.exponent, b.exponent));
  }

  subtract(a, b) {
    return this.add(a, b.negated());
  }

  multiply(a, b) {
    return this.rounded(new Decimal(a.coefficient * b.coefficient, a.exponent + b.exponent));
  }

  divide(a, b) {
    if (b.isZero) throw new DecimalFault("division by zero");
    if (a.isZero) return _ZERO;
    const shift = Math.max(0, this.digits + 3 + _digits(b.coefficient) - _digits(a.coefficient));
    const dividend = _magnitude(a.coefficient) * _powerOfTen(shift);
    const divisor = _magnitude(b.coefficient);
    let quotient = dividend / divisor;
    let exponent = a.exponent - b.exponent - shift;
    if (dividend % divisor) {
      // A last digit that is neither 0 nor 5 keeps what was cut off from passing for a half or for nothing.
      quotient = quotient * 10n + 1n;
      exponent -= 1;
    }
    return this.rounded(new Decimal(a.isNegative === b.isNegative ? quotient : -quotient, exponent));
  }
}
