// The form of chain.json (transport-chain/1, null fields left out), and what its fields must not contradict.

const CHAIN_FORMAT = "transport-chain/1";
const CHAIN_ELEMENTS_MAX = 10_000;
const CHAIN_ENTRIES_MAX = 2_000;

/** A text of `least` to `most` characters that a pattern matches. */
function _shortText(least, most, pattern = null) {
  return (value, place) => {
    if (typeof value !== "string" || (pattern && !pattern.test(value))) return place;
    const length = value.length <= most ? value.length : lengthOf(value);
    return value.length < least || length > most ? place : null;
  };
}

const _AMOUNT = textLike(/^[0-9]{1,15}(\.[0-9]{1,18})?$/);
const _SIGNED_AMOUNT = textLike(/^-?[0-9]{1,15}(\.[0-9]{1,18})?$/);
const _IDENTIFIER = _shortText(1, 120, /^[^\u0000-\u001f\u007f]*$/);
const _FACTOR = textLike(/^[a-z][a-z0-9_]{0,79}$/);
const _LEVEL = oneOf("national", "regional", "provincial");
const _WORDS = _shortText(0, 2000);
const _REFS = listOf(_WORDS, CHAIN_ENTRIES_MAX);
const _DAY = (value, place) => (isDay(value) ? null : place);

const _DISTANCE = objectOf({ kind: oneOf("sfd", "gcd") }, { km: _AMOUNT, source: _WORDS });
const _TRANSPORT_ELEMENT = objectOf(
  {
    kind: oneOf("transport"),
    id: _IDENTIFIER,
    mode: oneOf("road", "rail", "sea", "inland_waterway", "air", "pipeline"),
    category: _IDENTIFIER,
  },
  { distance: _DISTANCE, class: _IDENTIFIER, refs: _REFS },
);
const _HUB_ELEMENT = objectOf({ kind: oneOf("hub"), id: _IDENTIFIER, category: _IDENTIFIER }, { class: _IDENTIFIER, refs: _REFS });
const _INTENSITY = { wtw_kgco2e: _SIGNED_AMOUNT, ttw_kgco2e: _SIGNED_AMOUNT, factor: _FACTOR };
const _CONTRACT = objectOf(
  { instrument: oneOf("ppa", "certificate", "supplier", "residual_mix"), source: _shortText(1, 2000) },
  { kgco2e_per_kwh: _AMOUNT, valid_from: _DAY, valid_until: _DAY, refs: _REFS },
);
const _SUPPLY = objectOf(
  { batch: _IDENTIFIER, station: _IDENTIFIER },
  {
    gate_kgco2e_per_kg: _SIGNED_AMOUNT,
    delivered_kg: _AMOUNT,
    trailer_diesel_l: _AMOUNT,
    trailer_compression_kwh: _AMOUNT,
    trailer_grid_region: _IDENTIFIER,
    trailer_contract: _CONTRACT,
    trailer_grid_level: _LEVEL,
    station_dispensed_kg: _AMOUNT,
    station_vented_kg: _AMOUNT,
    station_electricity_kwh: _AMOUNT,
    station_grid_region: _IDENTIFIER,
    station_contract: _CONTRACT,
    station_grid_level: _LEVEL,
    custody: oneOf("segregated", "mass_balance", "book_and_claim"),
    refs: _REFS,
  },
);
const _ENERGY = objectOf(
  { carrier: _IDENTIFIER, unit: _IDENTIFIER },
  {
    amount: _AMOUNT,
    wtt_kgco2e_per_unit: _SIGNED_AMOUNT,
    ttw_kgco2e_per_unit: _SIGNED_AMOUNT,
    factor: _FACTOR,
    grid_region: _IDENTIFIER,
    contract: _CONTRACT,
    grid_level: _LEVEL,
    factor_boundary: oneOf("life_cycle", "direct"),
    supply: _SUPPLY,
    origin: oneOf("unknown"),
    refs: _REFS,
  },
);
const _REFRIGERANT = objectOf({ name: _IDENTIFIER }, { refilled_kg: _AMOUNT, gwp100: _AMOUNT, factor: _FACTOR });
const _STOP = objectOf({ id: _IDENTIFIER, distance: _DISTANCE }, { mass_kg: _AMOUNT, share: _AMOUNT });
const _STOPS = listOf(_STOP, CHAIN_ENTRIES_MAX);
const _ROUND = objectOf({ stops: (value, place) => (value?.length === 0 ? place : _STOPS(value, place)) });
const _CLASS = objectOf(
  { name: _IDENTIFIER },
  { quantity: _AMOUNT, equivalent: _AMOUNT, transport_activity_tkm: _AMOUNT, throughput_t: _AMOUNT, share: _AMOUNT },
);
const _DIESEL_PER_KM = Object.fromEntries(
  ["baseline", "project"].flatMap((side) =>
    ["vehicle", "tyres", "upkeep"].map((part) => [`${side}_${part}_kgco2e_per_km`, _AMOUNT]),
  ),
);
const _COMPARISON = objectOf(
  {},
  {
    kind: oneOf("comparable_vehicle", "peer_fleet", "regulatory_limit"),
    diesel_l_per_100km: _AMOUNT,
    source: _WORDS,
    date: _DAY,
    method: _WORDS,
    payload_t: _AMOUNT,
    profile: _WORDS,
    baseline_distance_km: _AMOUNT,
    transport_activity_tkm: _AMOUNT,
    project_distance_km: _AMOUNT,
    improvement_pct_per_year: _AMOUNT,
    peer_diesel_l: _AMOUNT,
    peer_distance_km: _AMOUNT,
    peer_transport_activity_tkm: _AMOUNT,
    peer_vehicles: textLike(/^[0-9]{1,6}$/),
    period: objectOf({ from: _DAY, until: _DAY }),
    limit_l_per_100km: _AMOUNT,
    standard: _WORDS,
    life_cycle: objectOf({}, { source: _WORDS, ..._DIESEL_PER_KM }),
    platform: objectOf(
      {},
      { source: _WORDS, kgco2e_per_tkm: _AMOUNT, kgco2e: _AMOUNT, transport_activity_tkm: _AMOUNT },
    ),
    leakage: objectOf({}, { source: _WORDS, leaked_kg: _AMOUNT, gwp_kgco2e_per_kg: _AMOUNT }),
  },
);
const _OF_BASELINE_KIND = {
  comparable_vehicle: ["diesel_l_per_100km"],
  peer_fleet: ["peer_diesel_l", "peer_distance_km", "peer_transport_activity_tkm", "peer_vehicles", "period"],
  regulatory_limit: ["limit_l_per_100km", "standard"],
};
const _UNCERTAINTY = objectOf({}, { half_width_kgco2e: _AMOUNT, source: _WORDS });
const _CATEGORY = { data: oneOf("primary", "modelled", "default"), source: _WORDS };
const _CATEGORY_MORE = {
  energy: listOf(_ENERGY, CHAIN_ENTRIES_MAX),
  refrigerants: listOf(_REFRIGERANT, CHAIN_ENTRIES_MAX),
  classes: listOf(_CLASS, CHAIN_ENTRIES_MAX),
  justification: _shortText(1, 2000),
  period: objectOf({ from: _DAY, until: _DAY }),
  operations: _shortText(1, 2000),
  refs: _REFS,
};
const _TRANSPORT_CATEGORY = objectOf(
  { kind: oneOf("transport"), ..._CATEGORY },
  {
    ..._CATEGORY_MORE,
    intensity: objectOf({ per: oneOf("tkm", "actual_tkm") }, _INTENSITY),
    distance_adjustment_factor: _AMOUNT,
    distance_adjustment_km: _AMOUNT,
    transport_activity_tkm: _AMOUNT,
    round: _ROUND,
    comparison: _COMPARISON,
  },
);
const _HUB_CATEGORY = objectOf(
  { kind: oneOf("hub"), ..._CATEGORY },
  {
    ..._CATEGORY_MORE,
    intensity: objectOf({ per: oneOf("t") }, _INTENSITY),
    throughput_t: _AMOUNT,
    excluded: _shortText(1, 2000),
  },
);

/** The form that an object's `kind` chooses. */
function _byKind(transport, hub) {
  return (value, place) => (isObject(value) && value.kind === "hub" ? hub : transport)(value, place);
}

const _ELEMENTS = listOf(_byKind(_TRANSPORT_ELEMENT, _HUB_ELEMENT), CHAIN_ELEMENTS_MAX);
const _CATEGORIES = mapOf(_byKind(_TRANSPORT_CATEGORY, _HUB_CATEGORY), CHAIN_ELEMENTS_MAX);
const _CHAIN = objectOf(
  {
    format: oneOf(CHAIN_FORMAT),
    shipment: objectOf({ id: _IDENTIFIER, mass_kg: _AMOUNT }, { refs: _REFS }),
    elements: (value, place) => (value?.length === 0 ? place : _ELEMENTS(value, place)),
    categories: _CATEGORIES,
  },
  { activity_date: _DAY, uncertainty: _UNCERTAINTY },
);

/** Refuses `chain.form` unless the document is a transport chain whose fields do not contradict each other. */
function verifyChainForm(chain) {
  mustFit(_CHAIN, chain, "chain.form", "chain.json");
  const fault = _contradiction(chain);
  must(fault === null, "chain.form", fault, "chain.json");
}

function _contradiction(chain) {
  if (!/[1-9]/.test(chain.shipment.mass_kg)) return "$.shipment.mass_kg: expected a mass above zero";
  for (const name of namesOf(chain.categories)) {
    const category = chain.categories[name];
    const parts = () => _shareFault(category) ?? classActivityFault(category);
    const contradiction = () => _categoryFault(category) ?? _datesFault(category, chain) ?? parts();
    const misfit = _IDENTIFIER(name, "$.categories") ?? contradiction();
    const compared = known(category, "comparison");
    const fault = compared && _comparisonFault(compared, known(chain, "activity_date"));
    if (!misfit && fault) return `$.categories[${name}].comparison: ${fault}`;
    if (misfit) return `$.categories[${name}]: ${misfit}`;
  }
  if (_hasRepeats(chain.elements.map((element) => element.id))) return "$.elements: an id stands twice";
  const kinds = new Map();
  for (const element of chain.elements) {
    const fault = _elementFault(chain.categories, element, kinds);
    if (fault) return `element ${element.id}: ${fault}`;
  }
  return elementActivityFault(chain);
}

function _hasRepeats(ids) {
  return new Set(ids).size < ids.length;
}

function _elementFault(categories, element, kinds) {
  const category = element.category in categories ? categories[element.category] : null;
  if (!category) return "its category is not there";
  if (category.kind !== element.kind) return "its category is of the other kind";
  const group = known(element, "class");
  const classes = known(category, "classes") ?? [];
  if (group !== null && !classes.some((each) => each.name === group)) return "its class is not there";
  if (element.kind === "hub") return null;
  const distance = known(element, "distance");
  if (!distance) return null;
  const stops = known(category, "round")?.stops ?? [];
  for (const kind of [distance.kind, ...stops.map((stop) => stop.distance.kind)]) {
    if (!kinds.has(element.mode)) kinds.set(element.mode, kind);
    if (kinds.get(element.mode) !== kind) return "distance kinds are mixed within its mode";
  }
  return null;
}

function _categoryFault(category) {
  const hasTotals = Boolean(known(category, "energy")?.length || known(category, "refrigerants")?.length);
  const intensity = known(category, "intensity");
  const isHub = category.kind === "hub";
  const stops = known(category, "round")?.stops ?? [];
  if (_hasRepeats((known(category, "classes") ?? []).map((each) => each.name))) return "a class stands twice";
  if (_hasRepeats(stops.map((stop) => stop.id))) return "a stop stands twice";
  if (new Set(stops.map((stop) => stop.distance.kind)).size > 1) return "distance kinds are mixed within the round";
  if (isHub && known(category, "excluded") !== null) return intensity || hasTotals ? "a hub left out has no numbers" : null;
  if (Boolean(intensity) === hasTotals) return "expected either an intensity or totals";
  for (const entry of known(category, "energy") ?? []) {
    const fault = _energyFault(entry) ?? _levelFault(entry) ?? idleFieldFault(entry);
    if (fault) return fault;
  }
  if (_hasFactorBesideNumbers(category, intensity)) return "a factor by name beside numbers";
  const twice = sharedTwiceFault(category);
  if (twice) return twice;
  if (isHub) return hasTotals && known(category, "throughput_t") === null ? "totals need throughput_t" : null;
  return _adjustmentFault(category, intensity) ?? _sharedOverFault(category, hasTotals);
}

function _sharedOverFault(category, hasTotals) {
  const shared = known(category, "transport_activity_tkm") !== null || known(category, "round") !== null;
  return hasTotals && !shared ? "totals need transport_activity_tkm or a round" : null;
}

function _adjustmentFault(category, intensity) {
  const factor = known(category, "distance_adjustment_factor");
  const driven = intensity?.per === "actual_tkm";
  const added = known(category, "distance_adjustment_km") !== null;
  if (driven && factor === null && !added) return "an intensity per actual_tkm needs an adjustment of distance";
  if (added && (factor !== null || !driven)) return "distance_adjustment_km would count twice";
  if (added && known(category, "round") !== null) return "distance_adjustment_km has no meaning for a round";
  // Digits after the dot may be zeros: 1, 1.0 and 1.00 are one.
  const isOne = factor === null || factor.replace(/0+$/, "").replace(/\.$/, "") === "1";
  return driven || isOne ? null : "distance_adjustment_factor would count twice";
}

/** What in a comparison belongs to another kind, or contradicts something else that it states; or null. */
function _comparisonFault(stated, activityDate) {
  const kind = known(stated, "kind") ?? "comparable_vehicle";
  for (const [other, names] of Object.entries(_OF_BASELINE_KIND)) {
    const foreign = other === kind ? undefined : names.find((name) => known(stated, name) !== null);
    if (foreign) return `${foreign} belongs to a baseline of kind ${other}`;
  }
  const period = known(stated, "period");
  if (period && period.until < period.from) return "the period of the peer fleet ends before it begins";
  const platform = known(stated, "platform");
  const overPeriod = known(platform, "kgco2e") !== null || known(platform, "transport_activity_tkm") !== null;
  if (known(platform, "kgco2e_per_tkm") !== null && overPeriod) return "the platform's overhead is stated in two ways";
  if (known(stated, "improvement_pct_per_year") === null) return null;
  const [, date] = baselineDay(stated);
  if (date === null || activityDate === null) return "an improvement a year needs the baseline's day and the activity's";
  return activityDate.slice(0, 4) < date.slice(0, 4) ? "the baseline is of a later year than the activity" : null;
}

function _energyFault(entry) {
  const explicit = known(entry, "wtt_kgco2e_per_unit") !== null || known(entry, "ttw_kgco2e_per_unit") !== null;
  const [supply, origin, factor] = ["supply", "origin", "factor"].map((name) => known(entry, name) !== null);
  if ([explicit, supply, origin, factor].filter((way) => way).length > 1) {
    return "energy with more than one of factors, a factor by name, supply, origin";
  }
  if (factor && !/^[A-Za-z0-9]{1,20}$/.test(entry.unit)) return "a factor by name needs a unit of letters and digits";
  const isHydrogen = entry.carrier === "hydrogen" && entry.unit === "kg";
  if ((supply || origin) && !isHydrogen) return "supply and origin belong to hydrogen in kg";
  const isGrid = !explicit && !factor && entry.carrier === "electricity" && entry.unit === "kWh";
  return known(entry, "contract") !== null && !isGrid ? "a contract belongs to electricity in kWh of a grid" : null;
}

/** A round that states its activity may list some of its stops only; all else sums to one, within 1e-9. */
function _shareFault(category) {
  const isWhole = known(category, "transport_activity_tkm") === null;
  const stops = known(category, "round")?.stops ?? [];
  for (const [parts, sums] of [[known(category, "classes") ?? [], true], [stops, isWhole]]) {
    const stated = parts.map((each) => known(each, "share")).filter((share) => share !== null);
    if (stated.length === 0) continue;
    if (stated.length < parts.length) return "either every part states its share or none does";
    const units = stated.reduce((sum, share) => sum + Decimal.of(share).units(18), 0n) - 10n ** 18n;
    if (sums && (units > 10n ** 9n || units < -(10n ** 9n))) return "the stated shares do not sum to one";
  }
  return null;
}

/** Days are texts of one form, so they compare as texts. */
function _datesFault(category, chain) {
  const period = known(category, "period");
  if (period !== null && period.until < period.from) return "the period ends before it begins";
  const day = known(chain, "activity_date");
  for (const entry of known(category, "energy") ?? []) {
    const supply = known(entry, "supply");
    for (const contract of [entry.contract, supply?.trailer_contract, supply?.station_contract]) {
      const [first, last] = [known(contract, "valid_from"), known(contract, "valid_until")];
      if (first === null && last === null) continue;
      if (day === null) return "a contract with dates needs activity_date to be held against";
      if ((first ?? day) > day || day > (last ?? day)) return "the contract does not hold on the activity date";
    }
  }
  return null;
}

/** A level of a grid region belongs to a region whose factor is asked for. */
function _levelFault(entry) {
  for (const end of ["trailer", "station"]) {
    const lonely = known(entry.supply, `${end}_grid_level`) !== null && known(entry.supply, `${end}_grid_region`) === null;
    if (lonely) return `${end}_grid_level needs ${end}_grid_region`;
  }
  if (known(entry, "grid_level") === null) return null;
  const others = ["wtt_kgco2e_per_unit", "ttw_kgco2e_per_unit", "supply", "origin"];
  const byRegion = others.every((name) => known(entry, name) === null) && entry.carrier === "electricity" && entry.unit === "kWh";
  const asked = known(entry, "grid_region") !== null && (byRegion || known(entry, "factor") !== null);
  return asked ? null : "grid_level belongs to a grid_region whose factor is asked for";
}

function _hasFactorBesideNumbers(category, intensity) {
  const both = known(intensity, "wtw_kgco2e") !== null || known(intensity, "ttw_kgco2e") !== null;
  const gases = known(category, "refrigerants") ?? [];
  const twice = gases.some((gas) => known(gas, "factor") !== null && known(gas, "gwp100") !== null);
  return twice || (both && known(intensity, "factor") !== null);
}
