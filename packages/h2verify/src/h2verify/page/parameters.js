// The numbers an edition publishes in its parameters.json: constants, and values that hold from a day, perhaps until
// one, perhaps for a region and a boundary. Days are compared as texts of the form 2024-12-31.

const _REGIONS_DEEP = 5;
const _ENTRIES_MAX = 20_000;
const _TEXT_MAX = 2_000;
const _EDITION_LABEL = /^[a-z][a-z0-9-]*\/[0-9]{4}\.[0-9]{1,4}$/;
const _PARAMETER_NAME = /^[a-z][a-z0-9_]*$/;
const _PARAMETER_VALUE = /^-?[0-9]{1,15}(\.[0-9]{1,18})?$/;
const _PERCENT = /^[0-9]{1,6}(\.[0-9]{1,18})?$/;
const _CONSTANT_FIELDS = ["checked_on", "name", "page", "source", "title_en", "title_zh", "unit", "value"];
const _BASELINE_KINDS = ["comparable_vehicle", "peer_fleet", "regulatory_limit"];
const _SUPPORTING = /^[a-z0-9_]{1,60}(\.[a-z0-9_]{1,60})?$/;
const _SUPPORTING_MAX = 50;
const _HEADER_FIELDS = ["edition", "id", "standard", "status", "title_en", "title_zh"];
const _DATED_FIELDS = ["boundary", "licence", "max_age_years", "pack", "range_pct", "range_source", "region", "until"];
const _LEVELS = ["national", "regional", "provincial"];
const _MODELS = ["segregated", "mass_balance", "book_and_claim"];
const _CUSTODY_TEXTS = ["clause", "mixing_en", "mixing_zh", "page", "period_en", "period_zh", "source"];

/** Whether a text is a day that exists, as 2024-12-31. */
function isDay(text) {
  const match = typeof text === "string" && /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!match || text.length !== 10) return false;
  const [year, month, day] = match.slice(1).map(Number);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

function _isShortText(value, pattern = null) {
  if (typeof value !== "string" || value === "" || (pattern && !pattern.test(value))) return false;
  return value.length <= _TEXT_MAX || lengthOf(value) <= _TEXT_MAX;
}

function _isConstant(entry) {
  return (
    ["title_zh", "title_en", "source", "page", "unit"].every((name) => _isShortText(entry[name])) &&
    _isShortText(entry.name, _PARAMETER_NAME) &&
    _isShortText(entry.value, _PARAMETER_VALUE) &&
    isDay(entry.checked_on)
  );
}

function _isParameter(entry) {
  const age = entry.max_age_years;
  return (
    _isConstant(entry) &&
    isDay(entry.from) &&
    (!("until" in entry) || isDay(entry.until)) &&
    (!("boundary" in entry) || entry.boundary === "direct" || entry.boundary === "life_cycle") &&
    (!("region" in entry) || _isShortText(entry.region)) &&
    (!("licence" in entry) || _isShortText(entry.licence)) &&
    (!("pack" in entry) || _isShortText(entry.pack, _EDITION_LABEL)) &&
    "range_pct" in entry === "range_source" in entry &&
    (!("range_pct" in entry) || (_isShortText(entry.range_pct, _PERCENT) && _isShortText(entry.range_source))) &&
    (!("max_age_years" in entry) || (Number.isInteger(age) && age >= 0 && age <= 10))
  );
}

/** What a stated fact is never below or above; no step rests on one. */
function _isLimit(entry) {
  const ends = ["at_least", "at_most"].filter((name) => name in entry);
  return (
    ends.length > 0 &&
    ends.every((name) => _isShortText(entry[name], _PARAMETER_VALUE)) &&
    ["unit", "source"].every((name) => _isShortText(entry[name])) &&
    _isShortText(entry.fact, _PARAMETER_NAME) &&
    isDay(entry.checked_on)
  );
}

/** Fields by kind of baseline. */
function _isSupport(value) {
  if (!isObject(value) || !Object.keys(value).length) return false;
  return Object.entries(value).every(
    ([kind, names]) =>
      _BASELINE_KINDS.includes(kind) &&
      Array.isArray(names) &&
      names.length <= _SUPPORTING_MAX &&
      names.every((name) => _isShortText(name, _SUPPORTING)),
  );
}

/** What one edition publishes; `edition` is its label, `iso14083/2023.1`. */
class Parameters {
  constructor(label, document) {
    this.label = label;
    this.header = document.edition;
    this.regions = document.regions;
    this.levels = new Map(Object.entries(document.levels ?? {}));
    this.support = document.support ?? Object.fromEntries(_BASELINE_KINDS.map((kind) => [kind, ["source", "date"]]));
    this.constants = new Map(document.constants.map((entry) => [entry.name, entry]));
    this.dated = new Map();
    for (const entry of document.parameters) {
      if (!this.dated.has(entry.name)) this.dated.set(entry.name, []);
      this.dated.get(entry.name).push(entry);
    }
  }

  /** The value that holds on a day, or the latest ended one while its age allows: {entry, ageYears}, or null; where a
   * level is asked for, of a region of that level alone. */
  find(name, { day, region = null, boundary = null, level = null }) {
    const fitting = (this.dated.get(name) ?? []).filter((entry) => !boundary || entry.boundary === boundary);
    let place = region;
    for (let deep = 0; deep < _REGIONS_DEEP; deep += 1) {
      const fits = level === null || this.levels.get(place) === level;
      const values = fits ? fitting.filter((entry) => (entry.region ?? null) === place) : [];
      if (values.length) return _held(values, day);
      if (place === null || !(place in this.regions)) return null;
      place = this.regions[place];
    }
    return null;
  }
}

function _held(values, day) {
  const holding = values.find((entry) => entry.from <= day && (!("until" in entry) || day <= entry.until));
  if (holding) return { entry: holding, ageYears: 0 };
  let latest = null;
  for (const entry of values) {
    if ("until" in entry && entry.until < day && (!latest || entry.until > latest.until)) latest = entry;
  }
  if (!latest || !("max_age_years" in latest)) return null;
  const ageYears = Number(day.slice(0, 4)) - Number(latest.until.slice(0, 4));
  return ageYears <= latest.max_age_years ? { entry: latest, ageYears } : null;
}

function _isCustody(entry) {
  if (!hasNames(entry, ["allowed", "checked_on", ..._CUSTODY_TEXTS])) return false;
  const { allowed } = entry;
  const known = Array.isArray(allowed) && allowed.length > 0 && allowed.every((model) => _MODELS.includes(model));
  const texts = _CUSTODY_TEXTS.every((name) => _isShortText(entry[name]));
  return known && new Set(allowed).size === allowed.length && texts && isDay(entry.checked_on);
}

/** The content of a parameters.json; refuses `edition.form` unless it is whole and of the edition it is filed under. */
function readParameters(bytes, label) {
  const where = `${label}/parameters.json`;
  const document = under("edition.form", where, () => parseCanonical(bytes));
  const check = (condition, fault) => must(condition, "edition.form", fault, where);
  const needed = ["constants", "edition", "format", "parameters", "regions"];
  const whole = hasFields(document, needed, ["custody", "levels", "limits", "support"]);
  check(whole, "$: other fields");
  const header = document.edition;
  const said = ["caveat_en", "caveat_zh", "document", "text_seen"];
  check(hasFields(header, _HEADER_FIELDS, said), "$.edition: other fields");
  check(!("text_seen" in header) || typeof header.text_seen === "boolean", "$.edition.text_seen: expected true or false");
  check(!("support" in document) || _isSupport(document.support), "$.support: not fields by kind of baseline");
  check(_isShortText(header.id) && _isShortText(header.edition), "$.edition: expected id and edition");
  const named = document.format === "parameters/1" && `${header.id}/${header.edition}` === label;
  check(named && _EDITION_LABEL.test(label), `expected parameters/1 of edition ${label}`);
  const isList = (value) => Array.isArray(value) && value.length <= _ENTRIES_MAX;
  check(isList(document.constants) && isList(document.parameters), "expected lists of constants and parameters");
  const constants = document.constants.every((entry) => hasNames(entry, _CONSTANT_FIELDS) && _isConstant(entry));
  check(constants, "$.constants: an entry is not whole");
  const dated = [..._CONSTANT_FIELDS, "from"];
  const listed = document.parameters.every((entry) => hasFields(entry, dated, _DATED_FIELDS) && _isParameter(entry));
  check(listed, "$.parameters: an entry is not whole");
  const limits = document.limits ?? [];
  const isWhole = (entry) => hasFields(entry, ["checked_on", "fact", "source", "unit"], ["at_least", "at_most"]);
  check(isList(limits) && limits.every((entry) => isWhole(entry) && _isLimit(entry)), "$.limits: an entry is not whole");
  const names = new Set(document.constants.map((entry) => entry.name));
  const twice = names.size < document.constants.length || document.parameters.some((entry) => names.has(entry.name));
  check(!twice, "$.constants: a name is declared twice");
  const regions = isObject(document.regions) && Object.values(document.regions).every((wider) => typeof wider === "string");
  check(regions, "$.regions: expected regions and the regions they lie in");
  check(!("custody" in document) || _isCustody(document.custody), "$.custody: not whole");
  const levels = document.levels ?? {};
  const areLevels = isObject(levels) && Object.values(levels).every((level) => _LEVELS.includes(level));
  check(areLevels && document.levels !== null, "$.levels: expected regions and their levels");
  return new Parameters(label, document);
}
