// Step 6: the folders of the rule set's and each comparison's edition have the stated digest and publish their tables.

const _RULES_MAX = 2_000;
const _TEMPLATE_MAX = 10_000;
const _RULE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/;
const _SCOPE_KIND = /^[a-z_]{1,40}(\.[a-z_]{1,40}){0,5}$/;
const _RULE_TEXTS = ["unit", "clause", "title_zh", "title_en"];
const _RULE_FIELDS = ["gives", "at", "formula", "over", ..._RULE_TEXTS];

const _EDITION_FOLDER = /^(rulesets|comparisons)\/([^/]+\/[^/]+)\/(.+)$/;

/** SHA-256 of the lines that `sha256sum` prints for a folder's files, sorted by path; files is a Map path -> sha256. */
function folderDigest(files) {
  const paths = [...files.keys()].sort();
  return sha256Hex(utf8(paths.map((path) => `${files.get(path)}  ${path}\n`).join("")));
}

/** The editions that the statement names, Map label -> Edition; refuses `edition.*`. */
function verifyEditions(bundle, statement) {
  const stated = new Map([[`rulesets/${statement.rule_set.edition}`, statement.rule_set.digest]]);
  for (const { method, digest } of statement.comparisons) stated.set(`comparisons/${method}`, digest);
  const folders = _foldersOf(bundle);
  for (const place of stated.keys()) {
    must(folders.has(place), "edition.missing", "its folder is not in the bundle", place);
  }
  for (const place of folders.keys()) {
    must(stated.has(place), "edition.extra", "the statement does not name it", place);
  }
  for (const [place, digest] of stated) {
    const found = folderDigest(new Map([...folders.get(place)].map(([path, member]) => [path, member.sha256])));
    must(found === digest, "edition.digest", `expected ${digest}, found ${found}`, place);
  }
  const editions = new Map();
  for (const place of stated.keys()) {
    const label = place.slice(place.indexOf("/") + 1);
    const files = new Map([...folders.get(place)].map(([path, member]) => [path, member.bytes]));
    editions.set(label, readEdition(label, files));
  }
  _checkWords(statement, editions);
  return editions;
}

/** The statement calls rule set and comparisons what their editions call themselves. */
function _checkWords(statement, editions) {
  const said = [[statement.rule_set.edition, { status: statement.rule_set.status }]];
  for (const { method, caveat_en, caveat_zh } of statement.comparisons) said.push([method, { caveat_en, caveat_zh }]);
  for (const [label, words] of said) {
    const { header } = editions.get(label).parameters;
    for (const [name, text] of Object.entries(words)) {
      const same = (text ?? "") === (header[name] ?? "");
      must(same, "edition.words", "the statement says otherwise than the edition", `${label}: ${name}`);
    }
  }
}

/** "rulesets/<id>/<edition>" or "comparisons/..." to the members of that folder by path in it. */
function _foldersOf(bundle) {
  const folders = new Map();
  for (const [name, member] of bundle.members) {
    const match = _EDITION_FOLDER.exec(name);
    if (!match) continue;
    const place = `${match[1]}/${match[2]}`;
    if (!folders.has(place)) folders.set(place, new Map());
    folders.get(place).set(match[3], member);
  }
  return folders;
}

/** The rules and parameters of one edition. */
class Edition {
  constructor(label, rules, parameters) {
    this.label = label;
    this.rules = rules;
    this.parameters = parameters;
    this._index = new Map();
    for (const rule of rules.values()) {
      for (const kind of rule.at) this._index.set(`${rule.gives} ${kind}`, rule);
    }
  }

  /** The rule that gives a quantity in a scope of this kind or the nearest wider one, or null. */
  findRule(gives, kind) {
    for (const wider of widening(kind)) {
      const rule = this._index.get(`${gives} ${wider}`);
      if (rule) return rule;
    }
    return null;
  }
}

/** The tables in an edition's folder (Map path -> bytes); refuses `edition.form` unless both are whole. */
function readEdition(label, files) {
  for (const name of ["formulas.json", "parameters.json"]) {
    must(files.has(name), "edition.form", "the edition does not publish it", `${label}/${name}`);
  }
  const parameters = readParameters(files.get("parameters.json"), label);
  return new Edition(label, _readRules(files.get("formulas.json"), label), parameters);
}

function _readRules(bytes, label) {
  const where = `${label}/formulas.json`;
  const document = under("edition.form", where, () => parseJson(bytes));
  const check = (condition, fault) => must(condition, "edition.form", fault, where);
  check(hasNames(document, ["edition", "format", "rules"]), "expected the fields edition, format, rules");
  check(document.format === "formulas/1" && document.edition === label, `expected formulas/1 of edition ${label}`);
  const rules = document.rules;
  check(isObject(rules) && Object.keys(rules).length <= _RULES_MAX, `expected at most ${_RULES_MAX} rules by name`);
  const given = new Set();
  const found = new Map();
  for (const name of namesOf(rules)) {
    check(_isRule(name, rules[name]), `$.rules.${name.slice(0, 100)}: not of the form of a rule`);
    for (const kind of rules[name].at) {
      const key = `${rules[name].gives} ${kind}`;
      check(!given.has(key), `$.rules.${name}: ${key} is given twice`);
      given.add(key);
    }
    const used = argumentsOf(rules[name].formula);
    found.set(name, { name, ...rules[name], guard: rules[name].guard ?? null, arguments: used });
  }
  return found;
}

function _isText(value) {
  return typeof value === "string";
}

function _isKind(value) {
  return _isText(value) && _SCOPE_KIND.test(value);
}

function _isRule(name, entry) {
  if (!hasFields(entry, _RULE_FIELDS, ["guard"])) return false;
  const { gives, at, formula, over } = entry;
  if (!_RULE_NAME.test(name) || !_isText(gives) || !_RULE_NAME.test(gives)) return false;
  if (!_RULE_TEXTS.every((key) => _isText(entry[key]) && entry[key] !== "")) return false;
  if (!Array.isArray(at) || !at.length || at.length > 100 || !at.every(_isKind)) return false;
  if (!isObject(over) || !Object.values(over).every(_isKind)) return false;
  if (!_isText(formula) || formula.length > _TEMPLATE_MAX || !argumentsOf(formula).length) return false;
  const summed = summedArgumentsOf(formula);
  if (summed.length !== Object.keys(over).length || !summed.every((argument) => argument in over)) return false;
  if (!("guard" in entry)) return true;
  return hasNames(entry.guard, ["at_most", "quantity"]) && Object.values(entry.guard).every(_isText);
}
