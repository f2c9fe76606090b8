// What each step rests on (section 5): a leaf is a fact of the chain or a value of an edition; a computed step is the
// rule that the edition gives for that name in that kind of scope, over the nearest providers, its sums complete.

const _SHORTEST_PLACE = 3;

/** What gives a name at a place, in one chain and by one or more editions, the earlier asked first. */
class Lookup {
  constructor(scopes, editions, day) {
    this.scopes = scopes;
    this.editions = new Map(editions.map((edition) => [edition.label, edition]));
    this.day = day;
    this._providers = new Map();
  }

  /** {rule, edition}, or null. */
  findRule(name, scope) {
    for (const edition of this.editions.values()) {
      const rule = edition.findRule(name, scope.kind);
      if (rule) return { rule, edition };
    }
    return null;
  }

  /** The id of the step that a name stands for when it is asked for in the scope of this path, or null. */
  provider(name, path) {
    const key = `${name} ${path}`;
    if (!this._providers.has(key)) this._providers.set(key, this._nearest(name, path));
    return this._providers.get(key);
  }

  _nearest(name, path) {
    for (const place of [path, ...this.scopes.byPath.get(path).above]) {
      const scope = this.scopes.byPath.get(place);
      if (scope && (scope.facts.has(name) || this.findRule(name, scope))) return `${name}[${place}]`;
    }
    for (const { label, parameters } of this.editions.values()) {
      if (parameters.constants.has(name) || parameters.dated.has(name)) return `${name}[${label}]`;
    }
    return null;
  }
}

/** Holds one step, whose form and value are right, against the chain and the editions. */
function verifyStep(step, lookup) {
  const name = nameOfId(step.id);
  const place = placeOfId(step.id) ?? "";
  if ("formula" in step) _verifyComputed(step, name, place, lookup);
  else if (lookup.editions.has(place)) _verifyEditionValue(step, name, lookup.editions.get(place), lookup);
  else _verifyFact(step, name, place, lookup);
}

function _verifyFact(step, name, place, lookup) {
  const fact = lookup.scopes.byPath.get(place)?.facts.get(name);
  if (fact?.parameter) {
    _verifyDated(step, fact, lookup, [...lookup.editions.values()]);
    return;
  }
  const code = step.from.kind === "parameter" ? "derivation.factor" : "derivation.input";
  must(fact && fact.text !== null, code, "the chain does not state this", step.id);
  const [unit, labelZh, labelEn] = VOCABULARY.get(name);
  const value = Decimal.of(fact.text).toString();
  const expected = { value, unit, label_zh: labelZh, label_en: labelEn, from: fact.origin };
  _mustSay(step, expected, "derivation.input");
}

function _verifyEditionValue(step, name, edition, lookup) {
  const constant = edition.parameters.constants.get(name);
  if (!constant) _verifyDated(step, { parameter: name, region: null, boundary: null }, lookup, [edition]);
  else _mustSay(step, _entrySays(constant, _originOf(edition.label, constant, {})), "derivation.factor");
}

function _verifyDated(step, fact, lookup, asked) {
  const edition = asked.find((each) => each.parameters.dated.has(fact.parameter));
  const { region, boundary, level = null, unit = null, shownUnit = null } = fact;
  const sought = { day: lookup.day, region, boundary, level };
  const found = edition && lookup.day ? edition.parameters.find(fact.parameter, sought) : null;
  must(found, "derivation.factor", `no edition has a value of ${fact.parameter} for this place and day`, step.id);
  const { entry, ageYears } = found;
  must(unit === null || unit === entry.unit, "derivation.factor", `${fact.parameter} is in ${entry.unit}`, step.id);
  const origin = _originOf(edition.label, entry, {
    region: entry.region,
    boundary: entry.boundary,
    holds_from: entry.from,
    holds_until: entry.until,
    age_years: ageYears,
    region_asked: region !== (entry.region ?? null) ? region : undefined,
    level_asked: level,
    pack: entry.pack,
  });
  const says = _entrySays(entry, origin);
  _mustSay(step, { ...says, unit: shownUnit ?? says.unit }, "derivation.factor");
}

function _originOf(label, entry, dated) {
  const { name, source, page, checked_on } = entry;
  const known = Object.entries(dated).filter(([, value]) => value !== undefined && value !== null);
  return { kind: "parameter", edition: label, name, source, page, checked_on, ...Object.fromEntries(known) };
}

function _entrySays(entry, origin) {
  const value = Decimal.of(entry.value).toString();
  return { value, unit: entry.unit, label_zh: entry.title_zh, label_en: entry.title_en, from: origin };
}

function _mustSay(step, expected, code) {
  for (const [key, value] of Object.entries(expected)) {
    const same = canonicalText(step[key]) === canonicalText(value);
    must(same, code, `${key} is another than the chain or the edition has`, step.id);
  }
}

function _verifyComputed(step, name, place, lookup) {
  const foreign = (condition, fault) => must(condition, "derivation.foreign-formula", fault, step.id);
  const scope = lookup.scopes.byPath.get(place);
  foreign(scope, "there is no such place");
  foreign(!scope.facts.has(name), "the chain states this number");
  const found = lookup.findRule(name, scope);
  foreign(found, `no edition gives it for ${scope.kind}`);
  const { rule, edition } = found;
  const { unit, clause } = rule;
  const says = { edition: edition.label, rule: rule.name, unit, clause, label_zh: rule.title_zh, label_en: rule.title_en };
  _mustSay(step, says, "derivation.foreign-formula");
  foreign(("guard" in step) === (rule.guard !== null), "the edition publishes another guard");
  _verifyArguments(step, rule, scope, lookup);
  if (!rule.guard) return;
  for (const key of ["quantity", "at_most"]) {
    const same = step.guard[key] === lookup.provider(rule.guard[key], place);
    must(same, "derivation.argument", `the guard's ${key} is another step than the rule asks for`, step.id);
  }
}

/** The published formula over these ids; null where it cannot be, or is longer than the step's own. */
function _written(rule, idsOf, formula) {
  return writtenLength(rule.formula, idsOf) > formula.length ? null : instantiate(rule.formula, idsOf);
}

function _idsByName(ids) {
  const found = new Map();
  for (const id of ids) {
    const name = nameOfId(id);
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(id);
  }
  return found;
}

function _verifyArguments(step, rule, scope, lookup) {
  const used = _idsByName(step.inputs);
  const mustBePublished = () => {
    const written = _written(rule, (name) => used.get(name), step.formula);
    must(written === step.formula, "derivation.foreign-formula", `published is ${rule.formula.slice(0, 200)}`, step.id);
  };
  const asked = new Map();
  for (const name of rule.arguments) {
    const summed = name in rule.over;
    const below = summed ? lookup.scopes.listBelow(scope.path, rule.over[name]) : [scope];
    if (summed && below.length * (name.length + _SHORTEST_PLACE) > step.formula.length) {
      mustBePublished();
      refuse("derivation.sum", `${name} is summed over too few of ${below.length}`, step.id);
    }
    asked.set(name, below.map((each) => lookup.provider(name, each.path)));
  }
  const complete = [...asked.values()].every((ids) => ids.length && !ids.includes(null));
  if (complete && _written(rule, (name) => asked.get(name), step.formula) === step.formula) return;
  mustBePublished();
  for (const [name, ids] of asked) {
    const wanted = [...new Set(ids)];
    const found = used.get(name) ?? [];
    const same = wanted.length > 0 && wanted.length === found.length && wanted.every((id, at) => id === found[at]);
    must(same, name in rule.over ? "derivation.sum" : "derivation.argument", `${name} stands for other steps`, step.id);
  }
  refuse("derivation.argument", "uses its arguments otherwise than the rule", step.id);
}
