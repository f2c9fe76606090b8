// The chain as scopes (section 5). A scope is {kind, path, above, facts}; a fact is {text, origin} (text null: not
// supplied) or {parameter, region, level, boundary} where the edition's dated value counts; a factor by name also has the
// unit it must be in, and the one it is shown in. An origin is what a leaf must
// give as its `from`.

const CHAIN_SCOPE = "chain";
const _GRID_FACTOR = "electricity_wtt_kgco2e_per_kwh";
const _SUPPLY_FACTS = [
  "gate_kgco2e_per_kg",
  "delivered_kg",
  "trailer_diesel_l",
  "trailer_compression_kwh",
  "station_dispensed_kg",
  "station_vented_kg",
  "station_electricity_kwh",
];
const _BASELINE_FACTS = ["peer_diesel_l", "peer_transport_activity_tkm", "limit_l_per_100km", "improvement_pct_per_year"];
const _PER_KM_FACTS = [
  "baseline_vehicle_kgco2e_per_km",
  "baseline_tyres_kgco2e_per_km",
  "baseline_upkeep_kgco2e_per_km",
  "project_vehicle_kgco2e_per_km",
  "project_tyres_kgco2e_per_km",
  "project_upkeep_kgco2e_per_km",
];
const _OVERHEAD_OVER_PERIOD = { overhead_kgco2e: "kgco2e", overhead_transport_activity_tkm: "transport_activity_tkm" };
const _LEAKAGE_FACTS = { hydrogen_leaked_kg: "leaked_kg", hydrogen_gwp_kgco2e_per_kg: "gwp_kgco2e_per_kg" };

function _percentEncoded(text, special) {
  return text.replace(/[\s\S]/g, (letter) => {
    const code = letter.charCodeAt(0);
    const plain = code >= 32 && code !== 127 && !special.includes(letter);
    return plain ? letter : `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
  });
}

function _pathOf(kind, name) {
  return `${kind}:${_percentEncoded(name, "%[]/")}`;
}

/** The place of a category in the chain; what would end the quotation is percent-encoded. */
function _categoryPlace(name) {
  return `$.categories['${_percentEncoded(name, "%'\\")}']`;
}

/** A member of an object; null and absent are the same. */
function known(object, key) {
  return object?.[key] ?? null;
}

function _at(object, key) {
  return key.split(".").reduce((found, part) => (found === null ? null : known(found, part)), object);
}

/** Writes facts of one object: its place, the stated source and the references go into every origin. */
class _FactWriter {
  constructor(place, refs = [], source = "") {
    this.place = place;
    this.rest = { ...(source ? { source } : {}), ...(refs.length ? { refs } : {}) };
    this.kind = refs.length ? "fact" : "input";
  }

  /** Facts by name, each the text under a dotted key of the object. */
  write(object, keys) {
    const facts = new Map();
    for (const [name, key] of Object.entries(keys)) facts.set(name, this.fact(_at(object, key), key));
    return facts;
  }

  fact(text, key) {
    return { text, origin: { kind: this.kind, path: `${this.place}.${key}`, ...this.rest } };
  }

  /** The factor of a grid region, of the level that is asked for; not supplied where the region is not. */
  grid(object, end, boundary) {
    const region = known(object, `${end}grid_region`);
    if (region === null) return this.fact(null, `${end}grid_region`);
    return { parameter: _GRID_FACTOR, region, level: known(object, `${end}grid_level`), boundary };
  }
}

/** A factor by name as the fact `name`: the edition's parameter in this unit. */
function _namedFact(name, parameter, boundary, unit, { region = null, level = null } = {}) {
  return [name, { parameter, region, level, boundary, unit, shownUnit: VOCABULARY.get(name)[0] }];
}

/** The two intensities of a factor by name. */
function _namedIntensity(given, prefix, per) {
  const pair = [["wtw", "life_cycle"], ["ttw", "direct"]];
  return pair.map(([leg, boundary]) => {
    const parameter = `${given.factor}_${leg}_kgco2e_per_${given.per}`;
    return _namedFact(`${prefix}_intensity_${leg}_kgco2e_per_${per}`, parameter, boundary, `kgCO2e/${per}`);
  });
}

/** The two factors of an energy entry that names one. */
function _namedFactors(entry, boundary) {
  const place = { region: known(entry, "grid_region"), level: known(entry, "grid_level") };
  return [["wtt", boundary], ["ttw", "direct"]].map(([leg, asked]) => {
    const parameter = `${entry.factor}_${leg}_kgco2e_per_${entry.unit.toLowerCase()}`;
    return _namedFact(`${leg}_kgco2e_per_unit`, parameter, asked, `kgCO2e/${entry.unit}`, place);
  });
}

function _refsOf(object) {
  return known(object, "refs") ?? [];
}

function _addFacts(facts, more) {
  for (const [name, fact] of more) facts.set(name, fact);
  return facts;
}

function _isLeftOut(category) {
  return category.kind === "hub" && known(category, "excluded") !== null;
}

/** All scopes of a chain whose form was checked: the chain, categories in order of name, elements in order. */
function readScopes(chain) {
  const shipment = new _FactWriter("$.shipment", _refsOf(chain.shipment));
  const mass = shipment.write(chain.shipment, { mass_kg: "mass_kg" });
  const uncertainty = known(chain, "uncertainty");
  if (uncertainty !== null) {
    const writer = new _FactWriter("$.uncertainty", [], known(uncertainty, "source") ?? "");
    _addFacts(mass, writer.write(uncertainty, { difference_half_width_kgco2e: "half_width_kgco2e" }));
  }
  const kind = uncertainty === null ? CHAIN_SCOPE : `${CHAIN_SCOPE}.uncertain`;
  const used = new Set(chain.elements.map((element) => element.category));
  const scopes = [{ kind, path: CHAIN_SCOPE, above: [], facts: mass }];
  for (const name of namesOf(chain.categories)) {
    if (_isLeftOut(chain.categories[name])) continue;
    scopes.push(..._categoryScopes(name, chain.categories[name]));
    scopes.push(..._comparedScopes(name, chain.categories[name], known(chain, "activity_date"), used.has(name)));
  }
  chain.elements.forEach((element, number) => scopes.push(_elementScope(chain, element, number)));
  return scopes;
}

function _elementScope(chain, element, number) {
  const category = chain.categories[element.category];
  const path = _pathOf("element", element.id);
  if (_isLeftOut(category)) return { kind: "excluded_element", path, above: [CHAIN_SCOPE], facts: new Map() };
  const above = [_pathOf("category", element.category), CHAIN_SCOPE];
  const group = known(element, "class");
  if (group !== null) above.unshift(`${above[0]}/${_pathOf("class", group)}`);
  const isPrimary = category.data === "primary" ? "1" : "0";
  const primary = new _FactWriter(_categoryPlace(element.category)).fact(isPrimary, "data");
  const facts = new Map([["is_primary", primary]]);
  if (element.kind === "hub") return { kind: "element.hub", path, above, facts };
  const source = _at(element, "distance.source") ?? "";
  const writer = new _FactWriter(`$.elements[${number}]`, _refsOf(element), source);
  _addFacts(facts, writer.write(element, { distance_km: "distance.km" }));
  const compared = known(category, "comparison") !== null;
  const added = known(category, "distance_adjustment_km") !== null;
  return { kind: `element.transport${compared ? ".compared" : ""}${added ? ".added" : ""}`, path, above, facts };
}

function _categoryScopes(name, category) {
  const place = _categoryPlace(name);
  const path = _pathOf("category", name);
  const above = [path, CHAIN_SCOPE];
  const own = category.kind === "hub" ? _hubFacts(category, place) : _transportFacts(category, place);
  const scopes = [{ kind: own.kind, path, above: [CHAIN_SCOPE], facts: own.facts }];
  const add = (kind, part, facts) => scopes.push({ kind, path: `${path}/${part}`, above, facts });
  const inner = (key) => new _FactWriter(`${place}.${key}`, _refsOf(category), category.source);
  (known(category, "energy") ?? []).forEach((entry, number) => {
    const { kind, facts } = _energySource(category, entry, `${place}.energy[${number}]`);
    add(kind, `energy:${number + 1}`, facts);
  });
  (known(category, "refrigerants") ?? []).forEach((entry, number) => {
    const factor = known(entry, "factor");
    const keys = { refilled_kg: "refilled_kg", ...(factor === null ? { gwp100: "gwp100" } : {}) };
    const facts = inner(`refrigerants[${number}]`).write(entry, keys);
    const named = factor === null ? [] : [_namedFact("gwp100", `${factor}_gwp100`, "direct", "kgCO2e/kg")];
    add("source.refrigerant", `refrigerant:${number + 1}`, _addFacts(facts, named));
  });
  (_at(category, "round.stops") ?? []).forEach((stop, number) => {
    const keys = { stop_distance_km: "distance.km", stop_mass_kg: "mass_kg" };
    add("stop", _pathOf("stop", stop.id), inner(`round.stops[${number}]`).write(stop, keys));
  });
  (known(category, "classes") ?? []).forEach((each, number) => {
    const activity = known(each, "transport_activity_tkm") !== null;
    const throughput = !activity && known(each, "throughput_t") !== null;
    const keys = { class_quantity: "quantity", class_equivalent: "equivalent" };
    if (activity) keys.class_transport_activity_tkm = "transport_activity_tkm";
    if (throughput) keys.class_throughput_t = "throughput_t";
    const facts = new _FactWriter(`${place}.classes[${number}]`).write(each, keys);
    add(`class${activity ? ".transport" : throughput ? ".hub" : ""}`, _pathOf("class", each.name), facts);
  });
  return scopes;
}

function _hubFacts(category, place) {
  const writer = new _FactWriter(place, _refsOf(category), category.source);
  if (known(category, "intensity") === null) {
    return { kind: "category.hub.totals", facts: writer.write(category, { category_throughput_t: "throughput_t" }) };
  }
  if (known(category.intensity, "factor") !== null) {
    return { kind: "category.hub.given", facts: new Map(_namedIntensity(category.intensity, "given", "t")) };
  }
  const keys = {
    given_intensity_wtw_kgco2e_per_t: "intensity.wtw_kgco2e",
    given_intensity_ttw_kgco2e_per_t: "intensity.ttw_kgco2e",
  };
  return { kind: "category.hub.given", facts: writer.write(category, keys) };
}

function _transportFacts(category, place) {
  const keys = {};
  if (known(category, "transport_activity_tkm") !== null || known(category, "round") === null) {
    keys.category_transport_activity_tkm = "transport_activity_tkm";
  }
  const given = known(category, "intensity");
  const driven = given !== null && given.per === "actual_tkm";
  const prefix = driven ? "actual" : "given";
  const byName = known(given, "factor") !== null;
  if (given !== null && !byName) {
    keys[`${prefix}_intensity_wtw_kgco2e_per_tkm`] = "intensity.wtw_kgco2e";
    keys[`${prefix}_intensity_ttw_kgco2e_per_tkm`] = "intensity.ttw_kgco2e";
  }
  const added = known(category, "distance_adjustment_km") !== null;
  if (added) keys.distance_adjustment_km = "distance_adjustment_km";
  else if (driven) keys.distance_adjustment_factor = "distance_adjustment_factor";
  const facts = new _FactWriter(place, _refsOf(category), category.source).write(category, keys);
  if (byName) _addFacts(facts, _namedIntensity(given, prefix, "tkm"));
  const kind = `category.transport.${given === null ? "totals" : added ? "added" : driven ? "driven" : "given"}`;
  return { kind, facts: _addFacts(facts, _comparedFacts(category, place)) };
}

function _comparedFacts(category, place) {
  const compared = known(category, "comparison");
  if (compared === null) return new Map();
  return new _FactWriter(`${place}.comparison`, _refsOf(category), _comparisonSource(compared)).write(compared, {
    diesel_l_per_100km: "diesel_l_per_100km",
    baseline_distance_km: "baseline_distance_km",
    baseline_transport_activity_tkm: "transport_activity_tkm",
  });
}

function _comparisonSource(compared) {
  return [known(compared, "source"), known(compared, "date")].filter((part) => part).join(", ");
}

/** The field that says of which day a baseline is, and the day: a peer fleet's is the end of its measured period. */
function baselineDay(compared) {
  const field = known(compared, "kind") === "peer_fleet" ? "period.until" : "date";
  return [field, _at(compared, field)];
}

function _same(names) {
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** What a comparison states beyond the diesel truck's own numbers, each thing a scope of its own. */
function _comparedScopes(name, category, activityDate, isUsed) {
  const compared = known(category, "comparison");
  if (compared === null) return [];
  const path = _pathOf("category", name);
  const place = `${_categoryPlace(name)}.comparison`;
  const scope = (kind, part, facts) => ({ kind, path: `${path}/${part}`, above: [path, CHAIN_SCOPE], facts });
  const writer = new _FactWriter(place, _refsOf(category), _comparisonSource(compared));
  const part = (key, keys) => {
    const stated = known(compared, key);
    const source = known(stated, "source") ?? "";
    return new _FactWriter(`${place}.${key}`, _refsOf(category), source).write(stated, keys);
  };
  const facts = writer.write(compared, _same(_BASELINE_FACTS));
  const improving = known(compared, "improvement_pct_per_year") !== null;
  if (improving) {
    const [field, day] = baselineDay(compared);
    const age = Number(activityDate.slice(0, 4)) - Number(day.slice(0, 4));
    facts.set("baseline_age_years", writer.fact(String(age), field));
  }
  const kind = `baseline.${known(compared, "kind") ?? "comparable_vehicle"}${improving ? ".improving" : ""}`;
  const driven = writer.write(compared, { project_distance_km: "project_distance_km" });
  const perPeriod = known(known(compared, "platform"), "kgco2e") !== null;
  const overhead = perPeriod ? _OVERHEAD_OVER_PERIOD : { overhead_kgco2e_per_tkm: "kgco2e_per_tkm" };
  const burnsHydrogen = (known(category, "energy") ?? []).some((entry) => entry.carrier === "hydrogen");
  const isDriven = known(compared, "project_distance_km") !== null;
  return [
    scope(kind, "baseline", facts),
    ...(isUsed && burnsHydrogen ? [scope("hydrogen_use", "hydrogen_use", new Map())] : []),
    ...(isUsed && isDriven ? [scope("detours", "detours", driven)] : []),
    scope("life_cycle", "life_cycle", _addFacts(part("life_cycle", _same(_PER_KM_FACTS)), driven)),
    scope(perPeriod ? "overhead.per_period" : "overhead.per_tkm", "overhead", part("platform", overhead)),
    scope("leakage", "leakage", part("leakage", _LEAKAGE_FACTS)),
  ];
}

/** The references of an entry, or those of what it stands in. */
function _refsOr(object, outer) {
  return _refsOf(object).length ? _refsOf(object) : outer;
}

function _energySource(category, entry, place) {
  const refs = _refsOr(entry, _refsOf(category));
  const writer = new _FactWriter(place, refs, category.source);
  const explicit = known(entry, "wtt_kgco2e_per_unit") !== null || known(entry, "ttw_kgco2e_per_unit") !== null;
  const carrier = `${entry.carrier} in ${entry.unit}`;
  const boundary = known(entry, "factor_boundary") ?? "life_cycle";
  if (known(entry, "supply") !== null || known(entry, "origin") !== null) {
    const facts = writer.write(entry, { hydrogen_kg: "amount" });
    if (known(entry, "supply") === null) return { kind: "source.hydrogen.unknown", facts };
    return { kind: "source.hydrogen.supplied", facts: _addFacts(facts, _supplyFacts(entry, place, refs, boundary)) };
  }
  const byName = known(entry, "factor") !== null;
  if (!explicit && !byName && carrier === "diesel in l") {
    return { kind: "source.diesel", facts: writer.write(entry, { diesel_l: "amount" }) };
  }
  if (!explicit && !byName && carrier === "electricity in kWh") {
    const facts = writer.write(entry, { electricity_kwh: "amount" });
    return { kind: "source.electricity", facts: facts.set(_GRID_FACTOR, writer.grid(entry, "", boundary)) };
  }
  const isHydrogen = carrier === "hydrogen in kg";
  const keys = { amount: "amount", ...(isHydrogen ? { hydrogen_kg: "amount" } : {}) };
  if (!byName) for (const name of ["wtt_kgco2e_per_unit", "ttw_kgco2e_per_unit"]) keys[name] = name;
  const facts = _addFacts(writer.write(entry, keys), byName ? _namedFactors(entry, boundary) : []);
  return { kind: isHydrogen ? "source.hydrogen.explicit" : "source.explicit", facts };
}

function _supplyFacts(entry, place, refs, boundary) {
  const { supply } = entry;
  const source = `batch ${supply.batch}, station ${supply.station}`;
  const writer = new _FactWriter(`${place}.supply`, _refsOr(supply, refs), source);
  const facts = writer.write(supply, Object.fromEntries(_SUPPLY_FACTS.map((name) => [name, name])));
  for (const end of ["trailer", "station"]) {
    facts.set(`${end}_electricity_kgco2e_per_kwh`, writer.grid(supply, `${end}_`, boundary));
  }
  return facts;
}

/** A kind and the wider ones it belongs to, narrowest first. */
function widening(kind) {
  const parts = kind.split(".");
  return parts.map((_, dropped) => parts.slice(0, parts.length - dropped).join("."));
}

/** Scopes by path, and what lies below each; `repeated` is a path that stands twice, or null. */
class ScopeIndex {
  constructor(scopes) {
    this.byPath = new Map();
    this.repeated = null;
    this._below = new Map();
    for (const scope of scopes) {
      if (this.byPath.has(scope.path)) {
        this.repeated ??= scope.path;
        continue;
      }
      this.byPath.set(scope.path, scope);
      for (const path of scope.above) {
        for (const kind of widening(scope.kind)) this._add(`${path} ${kind}`, scope);
      }
    }
  }

  _add(key, scope) {
    if (!this._below.has(key)) this._below.set(key, []);
    this._below.get(key).push(scope);
  }

  /** The scopes of this kind, or a narrower one, that have the path above them, in order. */
  listBelow(path, kind) {
    return this._below.get(`${path} ${kind}`) ?? [];
  }

  hasKind(kind) {
    return this.listBelow(CHAIN_SCOPE, kind).length > 0;
  }
}
