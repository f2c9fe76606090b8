// The steps of a derivation as such: their form, their order, their values. What they rest on is looked at in lookup.js.

const STEPS_MAX = 20_000;
const FORMULA_IDS_MAX = 200_000;
const VALUE_DIGITS_MAX = 200;
const ID_LENGTH_MAX = 1_000;
const _LEAF_FIELDS = ["id", "value", "unit", "label_en", "label_zh", "inputs", "from"];
const _COMPUTED_FIELDS = [
  "id", "value", "unit", "label_en", "label_zh", "inputs", "clause", "edition", "rule", "formula",
];
const _STEP_VALUE = /^-?(?:0|[1-9][0-9]{0,199})(?:\.[0-9]{0,199}[1-9])?$/;
const _ID_ANYWHERE = /[A-Za-z_][A-Za-z0-9_]*(?:\[[^[\]\u0000-\u001f\u007f]*\])?/g;

/** Refuses `derivation.too-long` where all lists of steps together are beyond the limits. */
function checkDerivationSize(lists) {
  const steps = lists.flat();
  must(steps.length <= STEPS_MAX, "derivation.too-long", `${steps.length} steps; at most ${STEPS_MAX}`);
  let ids = 0;
  for (const step of steps) {
    if (!isObject(step) || typeof step.formula !== "string") continue;
    for (const _ of step.formula.matchAll(_ID_ANYWHERE)) {
      ids += 1;
      must(ids <= FORMULA_IDS_MAX, "derivation.too-long", `more than ${FORMULA_IDS_MAX} ids in formulas`);
    }
  }
}

function _checkFields(step, where) {
  const shaped = (condition, fault) => must(condition, "derivation.shape", fault, where);
  shaped(isObject(step), "a step is an object");
  const computed = "formula" in step;
  const wanted = computed ? _COMPUTED_FIELDS : _LEAF_FIELDS;
  shaped(hasFields(step, wanted, computed ? ["guard"] : []), `expected the fields ${wanted.join(", ")}`);
  const texts = wanted.filter((name) => name !== "inputs" && name !== "from");
  shaped(texts.every((name) => typeof step[name] === "string"), "expected texts");
  shaped(Array.isArray(step.inputs), "expected a list of inputs");
  const short = step.id.length <= ID_LENGTH_MAX || lengthOf(step.id) <= ID_LENGTH_MAX;
  shaped(short, `an id has at most ${ID_LENGTH_MAX} characters`);
  if ("guard" in step) shaped(hasNames(step.guard, ["at_most", "quantity"]), "a guard names a quantity and its limit");
}

/** The ids that a step rests on: those of its formula, then those of its guard. */
function usedIds(step) {
  return "guard" in step ? [...step.inputs, step.guard.quantity, step.guard.at_most] : step.inputs;
}

/** Steps by id with their tokens: Map id -> {step, tokens}. `known` holds the ids of earlier steps. */
function readSteps(steps, known) {
  steps.forEach((step, position) => _checkFields(step, `steps[${position}]`));
  must(steps.length > 0 && steps.length <= STEPS_MAX, "derivation.shape", `a derivation has 1 to ${STEPS_MAX} steps`);
  const table = new Map();
  steps.forEach((step, position) => {
    const tokens = _checkOperands(step, `steps[${position}]`);
    must(!table.has(step.id) && !known.has(step.id), "derivation.duplicate", "two steps have this id", step.id);
    table.set(step.id, { step, tokens });
  });
  for (const { step } of table.values()) {
    if ("guard" in step) {
      const named = Object.values(step.guard).every((id) => typeof id === "string");
      must(named, "derivation.shape", "a guard names a quantity and its limit", step.id);
    }
    const unknown = usedIds(step).find((id) => !table.has(id) && !known.has(id));
    must(unknown === undefined, "derivation.unknown-id", "uses what is no step", step.id);
  }
  return table;
}

function _checkOperands(step, where) {
  must(isStepId(step.id), "derivation.shape", "expected an id", where);
  if (!("formula" in step)) {
    const fits = step.inputs.length === 0 && isObject(step.from);
    must(fits, "derivation.shape", "a leaf says where it is from and has no inputs", step.id);
    return null;
  }
  const tokens = tokensOf(step.formula);
  const operands = operandsOf(tokens);
  const same = step.inputs.length === operands.length && step.inputs.every((id, at) => id === operands[at]);
  must(same, "derivation.shape", "inputs are the formula's ids in order of first use", step.id);
  return tokens;
}

/** Refuses `derivation.cycle` where steps rest on each other, `derivation.order` where one stands before what it uses. */
function checkOrder(table) {
  _checkCircles(table);
  const seen = new Set();
  for (const { step } of table.values()) {
    const later = usedIds(step).find((id) => table.has(id) && !seen.has(id));
    must(later === undefined, "derivation.order", "stands before what it uses", step.id);
    seen.add(step.id);
  }
}

/** Takes away, again and again, steps whose inputs are all gone; what stays is a circle. */
function _checkCircles(table) {
  const waiting = new Map();
  const users = new Map();
  const ready = [];
  for (const { step } of table.values()) {
    const inputs = step.inputs.filter((id) => table.has(id));
    waiting.set(step.id, inputs.length);
    if (!inputs.length) ready.push(step.id);
    for (const id of inputs) {
      if (!users.has(id)) users.set(id, []);
      users.get(id).push(step.id);
    }
  }
  let done = 0;
  for (; done < ready.length; done += 1) {
    for (const user of users.get(ready[done]) ?? []) {
      waiting.set(user, waiting.get(user) - 1);
      if (waiting.get(user) === 0) ready.push(user);
    }
  }
  must(done === table.size, "derivation.cycle", "steps rest on each other");
}

/** The values of steps that stand in order: Map id -> Decimal, the known ones included. */
function computeSteps(table, known) {
  const values = new Map(known);
  for (const { step, tokens } of table.values()) {
    values.set(step.id, tokens ? _computedValue(step, tokens, values) : _leafValue(step));
  }
  return values;
}

function _leafValue(step) {
  const plain = _STEP_VALUE.test(step.value) && step.value !== "-0";
  must(plain, "derivation.value", "expected a plain decimal text", step.id);
  return Decimal.of(step.value);
}

function _computedValue(step, tokens, values) {
  let value;
  try {
    value = evaluate(tokens, (id) => values.get(id)).shortened();
  } catch (error) {
    if (error instanceof Refusal) error.where = step.id;
    throw error;
  }
  const short = value.isZero || (value.top <= VALUE_DIGITS_MAX && value.exponent >= -VALUE_DIGITS_MAX);
  must(short, "derivation.arithmetic", `gives more than ${VALUE_DIGITS_MAX} digits on one side of the dot`, step.id);
  return value;
}

/** Refuses `derivation.mismatch` where a step states another value, `derivation.limit` where a guard does not hold. */
function checkValues(steps, values) {
  for (const step of steps) {
    const found = values.get(step.id).toString();
    must(found === step.value, "derivation.mismatch", `states ${step.value.slice(0, 200)}, recomputed ${found}`, step.id);
    if (!("guard" in step)) continue;
    const { quantity, at_most: limit } = step.guard;
    const holds = values.get(quantity).compare(values.get(limit)) <= 0;
    must(holds, "derivation.limit", `${quantity} is above ${limit}`, step.id);
  }
}
