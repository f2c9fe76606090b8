// A derivation: steps with formulas over ids of other steps, recomputed in decimals of 34 digits.

const DERIVATION_DIGITS = 34;
const FORMULA_LENGTH_MAX = 1_000_000;
const FORMULA_NESTING_MAX = 50;
const SHOWN_DECIMALS = 12;
const ARITHMETIC = new DecimalContext(DERIVATION_DIGITS);
const _ID = "[A-Za-z_][A-Za-z0-9_]*(?:\\[[^\\[\\]\\u0000-\\u001f\\u007f]*\\])?";
const _ID_ONLY = new RegExp(`^${_ID}$`);
const _TOKEN = new RegExp(` *(?:(${_ID})|([-+*/(),]))`, "y");
const _PLACEHOLDER = /sum\(([a-z_][a-z0-9_]*)\)|(?<![A-Za-z0-9_])([A-Za-z_][A-Za-z0-9_]*)(?![A-Za-z0-9_(])/g;

/** Whether a text is an id: a name, perhaps with a place. */
function isStepId(text) {
  return typeof text === "string" && _ID_ONLY.test(text);
}

/** The name of an id, before its place. */
function nameOfId(id) {
  const bracket = id.indexOf("[");
  return bracket < 0 ? id : id.slice(0, bracket);
}

/** The place of an id, or null. */
function placeOfId(id) {
  const bracket = id.indexOf("[");
  return bracket < 0 ? null : id.slice(bracket + 1, -1);
}

/** The tokens of a formula: ids, operators, parentheses, commas. */
function tokensOf(formula) {
  const short = formula.length <= FORMULA_LENGTH_MAX;
  must(short, "derivation.too-long", `a formula of more than ${FORMULA_LENGTH_MAX} characters`);
  const found = [];
  const end = formula.replace(/ +$/, "").length;
  let at = 0;
  while (at < end) {
    _TOKEN.lastIndex = at;
    const match = _TOKEN.exec(formula);
    must(match !== null, "derivation.formula", "formulas hold ids, + - * / min max ( ) only");
    found.push(match[1] ?? match[2]);
    at = _TOKEN.lastIndex;
  }
  return found;
}

/** The ids a formula uses, each once, in order of first use. */
function operandsOf(tokens) {
  const isChoice = (token, next) => (token === "min" || token === "max") && next === "(";
  return [...new Set(tokens.filter((token, at) => _ID_ONLY.test(token) && !isChoice(token, tokens[at + 1])))];
}

/** One pass over the tokens of a formula that computes while it reads. */
class _FormulaReader {
  constructor(tokens, valueOf) {
    this.tokens = tokens;
    this.valueOf = valueOf;
    this.at = 0;
    this.depth = 0;
  }

  whole() {
    const value = this.sum();
    if (this.at < this.tokens.length) this.fault("the end of the formula");
    return value;
  }

  fault(expected) {
    refuse("derivation.formula", `expected ${expected}, found ${(this.tokens[this.at] ?? "the end").slice(0, 60)}`);
  }

  take(token) {
    if (this.tokens[this.at] !== token) this.fault(token);
    this.at += 1;
  }

  sum() {
    this.depth += 1;
    must(this.depth <= FORMULA_NESTING_MAX, "derivation.formula", `nested deeper than ${FORMULA_NESTING_MAX}`);
    let value = this.product();
    for (let sign = this.tokens[this.at]; sign === "+" || sign === "-"; sign = this.tokens[this.at]) {
      this.at += 1;
      const right = this.product();
      value = sign === "+" ? ARITHMETIC.add(value, right) : ARITHMETIC.subtract(value, right);
    }
    this.depth -= 1;
    return value;
  }

  product() {
    let value = this.atom();
    for (let sign = this.tokens[this.at]; sign === "*" || sign === "/"; sign = this.tokens[this.at]) {
      this.at += 1;
      const right = this.atom();
      value = sign === "*" ? ARITHMETIC.multiply(value, right) : ARITHMETIC.divide(value, right);
    }
    return value;
  }

  atom() {
    const token = this.tokens[this.at] ?? "";
    if (token === "(") {
      this.at += 1;
      const value = this.sum();
      this.take(")");
      return value;
    }
    if (!_ID_ONLY.test(token)) this.fault("a step id or (");
    this.at += 1;
    if ((token === "min" || token === "max") && this.tokens[this.at] === "(") return this.choice(token);
    return this.valueOf(token);
  }

  choice(name) {
    this.take("(");
    let chosen = this.sum();
    while (this.tokens[this.at] === ",") {
      this.at += 1;
      const value = this.sum();
      const order = value.compare(chosen);
      if (name === "min" ? order < 0 : order > 0) chosen = value;
    }
    this.take(")");
    return chosen;
  }
}

/** The value of a formula; `valueOf` gives the value of an id. Refuses `derivation.formula` and `.arithmetic`. */
function evaluate(tokens, valueOf) {
  try {
    return new _FormulaReader(tokens, valueOf).whole();
  } catch (error) {
    if (!(error instanceof DecimalFault)) throw error;
    return refuse("derivation.arithmetic", `the formula cannot be computed (${error.message})`);
  }
}

/** A published formula with ids in the place of its argument names; null where an argument has no fitting ids. */
function instantiate(template, idsOf) {
  let fits = true;
  const text = template.replace(_PLACEHOLDER, (match, summed, name) => {
    const ids = idsOf(summed ?? name) ?? [];
    if (!ids.length || (name !== undefined && ids.length !== 1)) {
      fits = false;
      return match;
    }
    if (name !== undefined || (ids.length === 1 && match === template)) return ids[0];
    return match === template ? ids.join(" + ") : `(${ids.join(" + ")})`;
  });
  return fits ? text : null;
}

/** The argument names of a published formula in order of first use. */
function argumentsOf(template) {
  return [...new Set(_usesOf(template))];
}

/** The arguments of a published formula that it sums. */
function summedArgumentsOf(template) {
  return [...new Set([...template.matchAll(_PLACEHOLDER)].flatMap((match) => match[1] ?? []))];
}

/** Every use of an argument, in order. */
function _usesOf(template) {
  return [...template.matchAll(_PLACEHOLDER)].map((match) => match[1] ?? match[2]);
}

/** How long a published formula is at least with these ids; instantiating is not tried beyond a step's own formula. */
function writtenLength(template, idsOf) {
  const lengths = _usesOf(template).map((name) => (idsOf(name) ?? []).reduce((sum, id) => sum + id.length, 0));
  return lengths.reduce((sum, length) => sum + length, 0);
}

/** A value as it is shown: rounded half to even to 12 decimals, no exponent, no trailing zeros. */
function shownText(value) {
  return new Decimal(value.units(SHOWN_DECIMALS), -SHOWN_DECIMALS).toString();
}
