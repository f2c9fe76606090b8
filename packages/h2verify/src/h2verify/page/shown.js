// Step 9: every number that the statement shows is the one the derivation ends with, in its one text.

const _PLAIN_NUMBER = /^-?[0-9]{1,200}(\.[0-9]{1,200})?$/;
const _ROUNDING_BELOW = Decimal.of("0.000001");
const _EXACT = new DecimalContext(500);

/** How many shown numbers were compared; `editions` is a Map label -> Edition. Refuses `figure.*`, `comparison.*`, `derivation.missing`. */
function verifyShown(statement, figures, values, chain, editions) {
  const expected = _shownFigure(values.figure);
  for (const [name, text] of expected) {
    const shown = name in statement.figure ? statement.figure[name] : statement.data_shares[name];
    _mustShow(shown, text, "figure", name);
  }
  const id = `fig-${digestOf(figures.steps).slice(0, 16)}`;
  must(statement.figure.figure_id === id, "figure.id", `the derivation gives ${id}`, "figure_id");
  const compared = _verifyShownComparisons(statement.comparisons, figures.comparisons, values);
  _verifyComparisonStatus(statement.comparisons, chain, editions);
  return expected.size + compared;
}

function _shownFigure(values) {
  const orElse = (name, absent) => (values.has(`${name}[chain]`) ? shownText(values.get(`${name}[chain]`)) : absent);
  const wtw = shownText(_valueOf(values, "wtw_kgco2e"));
  const ttw = shownText(_valueOf(values, "ttw_kgco2e"));
  return new Map([
    ["wtw_kgco2e", wtw],
    ["ttw_kgco2e", ttw],
    ["wtt_kgco2e", _differenceOf(wtw, ttw)],
    ["transport_activity_tkm", orElse("transport_activity_tkm", "0")],
    ["hub_activity_t", orElse("hub_activity_t", "0")],
    ["intensity_wtw_kgco2e_per_tkm", orElse("chain_intensity_wtw_kgco2e_per_tkm", null)],
    ["intensity_ttw_kgco2e_per_tkm", orElse("chain_intensity_ttw_kgco2e_per_tkm", null)],
    ["primary_by_wtw_emissions", orElse("primary_share_by_emissions", null)],
    ["primary_by_transport_activity", orElse("primary_share_by_activity", null)],
  ]);
}

function _verifyShownComparisons(stated, derived, values) {
  const withNumbers = stated.filter((each) => each.status !== "withheld");
  const same =
    withNumbers.length === derived.length && withNumbers.every((each, at) => each.method === derived[at].method);
  must(same, "comparison.method", "the statement compares by other methods than were derived");
  for (const comparison of withNumbers) {
    const own = values.comparisons.get(comparison.method);
    const baseline = shownText(_valueOf(own, "baseline_kgco2e"));
    const project = shownText(_valueOf(own, "project_kgco2e"));
    const numbers = { baseline_kgco2e: baseline, project_kgco2e: project };
    numbers.difference_kgco2e = _differenceOf(baseline, project);
    for (const [name, text] of Object.entries(numbers)) {
      _mustShow(comparison[name], text, "comparison", `${comparison.method}: ${name}`);
    }
  }
  return 3 * withNumbers.length;
}

const _ABOVE_ZERO = ["payload_t", "peer_vehicles", "peer_distance_km", "baseline_distance_km", "project_distance_km"];

/** A comparison is `stated` where every baseline it uses states what its method asks for, else `unsupported`. */
function _verifyComparisonStatus(stated, chain, editions) {
  const used = new Set(chain.elements.map((element) => element.category));
  const diesel = Object.keys(chain.categories).filter((name) => used.has(name));
  const figures = diesel.map((name) => chain.categories[name].comparison).filter(Boolean);
  for (const { method, status } of stated) {
    const { support } = editions.get(method).parameters;
    const holdsUp = (each) => _isSupported(each, support) && _standsOnSomething(each, known(chain, "activity_date"));
    const expected = figures.every(holdsUp) ? "stated" : "unsupported";
    const holds = status === "withheld" || status === expected;
    must(holds, "comparison.status", `stated as ${status}, by the chain it is ${expected}`, method);
  }
}

function _isSupported(baseline, support) {
  const kind = baseline.kind ?? "comparable_vehicle";
  const inner = (found, part) => (isObject(found) && Object.hasOwn(found, part) ? found[part] : null);
  const find = (name) => name.split(".").reduce(inner, baseline);
  return Object.hasOwn(support, kind) && support[kind].every((name) => find(name) !== null && find(name) !== "");
}

/** Whether a baseline states no amount as zero that cannot be, and no day after the activity. */
function _standsOnSomething(baseline, activityDate) {
  const isZero = (name) => known(baseline, name) !== null && !/[1-9]/.test(baseline[name]);
  const days = [known(baseline, "date"), known(known(baseline, "period"), "until")];
  const late = days.some((day) => day !== null && activityDate !== null && day > activityDate);
  return !late && !_ABOVE_ZERO.some(isZero);
}

function _valueOf(values, name) {
  const id = `${name}[chain]`;
  must(values.has(id), "derivation.missing", "the derivation has no step for a shown number", id);
  return values.get(id);
}

function _differenceOf(minuend, subtrahend) {
  return _EXACT.subtract(Decimal.of(minuend), Decimal.of(subtrahend)).toString();
}

function _mustShow(shown, expected, kind, where) {
  if (shown === expected) return;
  const fault = `shown ${shown}, the derivation gives ${expected}`;
  const comparable = shown !== null && expected !== null && _PLAIN_NUMBER.test(shown);
  must(comparable, `${kind}.number`, fault, where);
  const gap = _EXACT.subtract(Decimal.of(shown), Decimal.of(expected));
  const close = (gap.isNegative ? gap.negated() : gap).compare(_ROUNDING_BELOW) < 0;
  refuse(close ? `${kind}.rounding` : `${kind}.number`, fault, where);
}
