// Steps 7 and 8: chain and derivation are those the statement speaks of; every derivation is recomputed and held
// against the chain and the editions.

const FIGURES_FORMAT = "h2corridor/figures/1";
const _COMPARISONS_MAX = 20;
const _COMPARISON_GOALS = ["baseline_kgco2e", "project_kgco2e", "difference_kgco2e"].map((name) => `${name}[chain]`);

// Steps that need no other step to use them, by the first part of the scope's kind; beside them only what is shown.
const _MAY_END = new Map([
  ["element", ["element_transport_activity_tkm", "element_hub_activity_t", "element_wtw_kgco2e", "element_ttw_kgco2e"]],
  ["stop", ["stop_transport_activity_tkm", "stop_share", "stop_wtw_kgco2e", "stop_ttw_kgco2e"]],
  ["class", ["class_share", "class_wtw_kgco2e", "class_ttw_kgco2e"]],
]);

/** {chain, figures}, once they are those that the statement binds and their forms hold. */
function verifyBinding(bundle, statement) {
  for (const name of ["chain", "figures"]) {
    const bound = bundle.members.get(`${name}.json`).sha256 === statement.binds[name];
    must(bound, `binding.${name}`, `the statement speaks of another ${name}.json`, `${name}.json`);
  }
  const [chain, figures] = [bundle.document("chain.json"), bundle.document("figures.json")];
  verifyChainForm(chain);
  checkFiguresForm(figures, statement.rule_set.edition);
  const { id, mass_kg: massKg } = chain.shipment;
  const same = id === statement.consignment.consignment_id && massKg === statement.consignment.mass_kg;
  must(same, "binding.consignment", "the chain moves another consignment or mass than the statement says");
  return { chain, figures };
}

/** Refuses `figures.form` unless the document has the fields of figures.json; steps are looked at in verifyFigures. */
function checkFiguresForm(figures, ruleSet) {
  const anyList = (value, place) => (Array.isArray(value) ? null : place);
  const comparison = objectOf({ method: EDITION_LABEL, steps: anyList });
  const form = objectOf({
    comparisons: listOf(comparison, _COMPARISONS_MAX),
    format: oneOf(FIGURES_FORMAT),
    rule_set: oneOf(ruleSet),
    steps: anyList,
  });
  mustFit(form, figures, "figures.form", "figures.json");
  const labels = [figures.rule_set, ...figures.comparisons.map((each) => each.method)];
  must(new Set(labels).size === labels.length, "figures.form", "an edition stands there twice", "figures.json");
}

/**
 * The recomputed values: {figure: Map id -> Decimal, comparisons: Map method -> Map}. `editions` is a Map
 * label -> Edition. Refuses `derivation.*`.
 */
function verifyFigures(chain, figures, editions) {
  const scopes = new ScopeIndex(readScopes(chain));
  must(scopes.repeated === null, "chain.form", "two things have one name", scopes.repeated ?? "");
  checkDerivationSize([figures.steps, ...figures.comparisons.map((each) => each.steps)]);
  for (const label of [figures.rule_set, ...figures.comparisons.map((each) => each.method)]) {
    must(editions.has(label), "edition.missing", "its folder is not in the bundle", label);
  }
  const day = known(chain, "activity_date");
  const ruleSet = editions.get(figures.rule_set);
  const figure = _verifyList(figures.steps, new Lookup(scopes, [ruleSet], day), new Map());
  _checkGoals(figure, _figureGoals(scopes, figure), figures.steps, scopes);
  const comparisons = new Map();
  for (const { method, steps } of figures.comparisons) {
    const values = _verifyList(steps, new Lookup(scopes, [ruleSet, editions.get(method)], day), figure);
    const own = new Map(steps.map((step) => [step.id, values.get(step.id)]));
    _checkGoals(own, _COMPARISON_GOALS, steps, null);
    comparisons.set(method, values);
  }
  return { figure, comparisons };
}

function _verifyList(steps, lookup, known) {
  const table = readSteps(steps, known);
  checkOrder(table);
  const values = computeSteps(table, known);
  checkValues(steps, values);
  for (const step of steps) verifyStep(step, lookup);
  return values;
}

/** The ids of all numbers that are shown of a figure. */
function _figureGoals(scopes, values) {
  const names = [];
  if (scopes.hasKind("element")) names.push("wtw_kgco2e", "ttw_kgco2e", "wtt_kgco2e");
  if (scopes.hasKind("element.hub")) names.push("hub_activity_t");
  if (scopes.hasKind("element.transport")) names.push("transport_activity_tkm");
  const isThere = (id) => values.has(id) && !values.get(id).isZero;
  const parts = [...values.keys()].filter((id) => id.startsWith("element_wtw_kgco2e["));
  const belowNothing = parts.some((id) => values.get(id).isNegative);
  if (isThere("wtw_kgco2e[chain]") && !belowNothing) names.push("primary_share_by_emissions");
  if (isThere("transport_activity_tkm[chain]")) {
    names.push("primary_share_by_activity");
    names.push("chain_intensity_wtw_kgco2e_per_tkm", "chain_intensity_ttw_kgco2e_per_tkm");
  }
  return names.map((name) => `${name}[chain]`);
}

/** Every shown number has its step, and every step is shown, used, or says what an element, stop or class has. */
function _checkGoals(values, goals, steps, scopes) {
  const missing = goals.find((goal) => !values.has(goal));
  must(missing === undefined, "derivation.missing", "no step gives this shown number", missing ?? "");
  const used = new Set([...goals, ...steps.flatMap(usedIds)]);
  for (const { id } of steps) {
    const placed = used.has(id) || (scopes === null ? _explains(id) : _mayEnd(id, scopes));
    must(placed, "derivation.unused", "no shown number rests on this step", id);
  }
}

/** A step of a comparison on the chain that explains the difference; nothing needs to use it. */
function _explains(id) {
  return placeOfId(id) === CHAIN_SCOPE && nameOfId(id).startsWith("explained_");
}

function _mayEnd(id, scopes) {
  const scope = scopes.byPath.get(placeOfId(id) ?? "");
  return Boolean(scope) && (_MAY_END.get(scope.kind.split(".")[0]) ?? []).includes(nameOfId(id));
}
