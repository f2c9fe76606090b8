// Whole numbers shared out, and the small tools of the activity arithmetic. All quantities are BigInt: no record can
// hold a number that loses a digit on its way through sums and products.

/** Records that cannot be computed with: a part below zero, nothing to split a whole by, an instant missing. */
class ActivityFault extends Error {}

/** The sum of BigInts. */
function sumOf(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0n);
}

function smallest(a, b) {
  return b < a ? b : a;
}

function largest(a, b) {
  return b > a ? b : a;
}

/** The order of two texts by code points (UTF-16 order would put some rare letters elsewhere). */
function compareTexts(a, b) {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === a.length || at === b.length) return a.length - b.length;
  const inPair = (text) => at > 0 && /[\ud800-\udbff]/.test(text[at - 1]) && /[\udc00-\udfff]/.test(text[at]);
  const from = inPair(a) || inPair(b) ? at - 1 : at;
  return a.codePointAt(from) - b.codePointAt(from);
}

/** The order of two values: texts by code points, numbers by size. */
function compareValues(a, b) {
  if (typeof a === "string") return compareTexts(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A comparison of objects by several keys in turn; each key gives a text, a Number or a BigInt. */
function byKeys(...keys) {
  return (a, b) => {
    for (const key of keys) {
      const order = compareValues(key(a), key(b));
      if (order) return order;
    }
    return 0;
  };
}

/** A whole number divided and rounded down, also below zero. */
function floorDivide(a, b) {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** A whole split by weights; the remainder goes to the largest fractions, of equal ones to the first. */
function allocate(whole, weights) {
  const total = sumOf(weights);
  if (whole < 0n || weights.some((weight) => weight < 0n)) throw new ActivityFault("a part below zero");
  if (whole === 0n) return weights.map(() => 0n);
  if (total === 0n) throw new ActivityFault(`${whole} cannot be split: every weight is 0`);
  const parts = weights.map((weight) => (whole * weight) / total);
  const fractions = weights.map((weight, place) => ({ place, fraction: (whole * weight) % total }));
  fractions.sort((a, b) => compareValues(b.fraction, a.fraction) || a.place - b.place);
  const left = Number(whole - sumOf(parts));
  for (const { place } of fractions.slice(0, left)) parts[place] += 1n;
  return parts;
}

/** Adds a mass to a mix: a Map from origin to mass. */
function addToMix(mix, origin, mass) {
  mix.set(origin, (mix.get(origin) ?? 0n) + mass);
}
