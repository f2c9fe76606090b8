// Step 17: activity records, the statement and suppliers' manifests held against the rows they speak of.

const _HOUR_MS = 3_600_000;
const _STATED_CELLS = ["document_no", "goods", "hs_code", "mass_method", "container_no", "seal_no", "declaration_no"];

function _papersFault(where, fault) {
  refuse("papers.row", fault, where);
}

/** What a raw bundle shows beside its records: the VIN of each truck (a Map by truck), every site of the trial. */
function readPapers(files, opened, groups) {
  const vins = new Map();
  for (const group of groups.keys()) {
    if (!group.startsWith("truck/")) continue;
    const { vin } = opened.get(openedKey(group, 0, "identity"));
    if (typeof vin !== "string" || !vin) _papersFault(group, "expected an opened vin");
    vins.set(group.slice("truck/".length), vin);
  }
  return { vins, sites: sitesOfFile(files.get(SITES_FILE)) };
}

/**
 * Holds every disclosed row against its records, and what else speaks of rows. Refuses `received.missing`,
 * `papers.row`, `papers.left-out`, `papers.statement`, `signature.file`, `container.limit`. The statement is one that
 * `verifyStated` has held; `notes` are those of step 10. Gives how many records were held against their rows.
 */
function verifyPapers(files, opened, groups, statement, notes) {
  const { consignment, trial } = statement;
  verifyRowsThere(files, groups);
  const papers = readPapers(files, opened, groups);
  for (const [truck, vin] of papers.vins) {
    const there = telemetryOf(files, vin).some((file) => file.whole);
    must(there, "received.missing", "expected its telemetry files, whole", truck);
  }
  const own = `consignment/${consignment.consignment_id}`;
  const offset = verifyTrial(files, groups, trial);
  let count = 0;
  for (const held of recordsWithCells(files, groups)) {
    count += 1;
    _verifyCells(held, opened);
    _verifyContext(held, papers, offset);
    if (held.group === own) _verifyOwn(held, papers, consignment);
  }
  _verifyRowless(groups, opened);
  _verifyListedLegs(groups, consignment.consignment_id);
  _verifyFillsOfStations(groups);
  _verifySiteRows(groups, papers);
  _verifySignedFiles(files, notes, [...papers.vins.values()]);
  verifyNothingLeftOut(files, groups, papers, consignment.consignment_id);
  return count;
}

function _placeOfField({ group, number, record, source }, field) {
  return `${group}[${number}].${field}, ${source.file} row ${record.row}`;
}

/** Holds every field that a cell stands behind, and the opened values of a record, against the row. */
function _verifyCells(held, opened) {
  for (const column of held.source.cells) _verifyCell(held, column, column.field, held.record[column.field]);
  for (const [name, columns] of Object.entries(held.source.closed ?? {})) {
    const values = opened.get(openedKey(held.group, held.number, name));
    if (!values) continue;
    const fields = columns.map((column) => column.field);
    if (!hasNames(values, fields)) _papersFault(_placeOfField(held, name), `expected the values ${fields.join(", ")}`);
    for (const column of columns) _verifyCell(held, column, `${name}.${column.field}`, values[column.field]);
  }
}

function _verifyCell(held, column, field, said) {
  const where = _placeOfField(held, field);
  const found = _orPapersRow(where, () => valueOfCell(column, held.cells.get(column.name) ?? ""));
  if (!saysTheSame(column, found, said)) _papersFault(where, "the record says something else than the row");
}

/** Holds what follows from the record's group, its truck's VIN and its days against the row. */
function _verifyContext(held, papers, offset) {
  const { group, record, source } = held;
  const about = group.slice(group.indexOf("/") + 1);
  const cell = (name) => held.cells.get(name) ?? "";
  const { owner = null } = source;
  const owned = owner === null || cell(owner) === about;
  if (!owned) _papersFault(_placeOfField(held, owner), "the row is about something else");
  if (record.kind === "tank_opening" || record.kind === "fill") {
    if (cell("vin") !== papers.vins.get(about)) _papersFault(_placeOfField(held, "vin"), "the row is of another truck");
  }
  const usable = !TABLES.has(source.file) || isUsable(source.file, held.cells);
  if (!usable) _papersFault(_placeOfField(held, "row"), "a row with a cell that cannot be used stands for nothing");
  if (record.kind === "leg") _verifyLegContext(held, about, papers, offset);
  if (record.kind === "batch") {
    const region = papers.sites.get(record.site_id)?.grid_region ?? "";
    const same = (record.site_grid_region ?? "") === region;
    if (!same) _papersFault(_placeOfField(held, "site_grid_region"), "sites.csv says otherwise");
  }
}

function _verifyLegContext(held, about, papers, offset) {
  const { group, record } = held;
  const vin = held.cells.get("vin") ?? "";
  const own = record.truck === about && vin === papers.vins.get(about);
  const others = record.truck === null && ![...papers.vins.values()].includes(vin);
  const fits = group.startsWith("truck/") ? own : others;
  if (!fits) _papersFault(_placeOfField(held, "truck"), "the row is of another truck than the group");
  for (const end of ["departed", "arrived"]) {
    const local = record[`${end}_at_ms`] + offset * 60_000;
    const days = [local - _HOUR_MS, local, local + _HOUR_MS].map(_dayOfMs);
    const fitting = days.includes(record[`${end}_day`]);
    if (!fitting) _papersFault(_placeOfField(held, `${end}_day`), "it is not the day of its instant");
  }
}

/** The day of milliseconds since 1970, or null beyond the calendar of four-digit years. */
function _dayOfMs(ms) {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString().slice(0, 10) : null;
}

/** Holds what only the statement's own consignment must fulfil: its row, and that its trucks are in the bundle. */
function _verifyOwn(held, papers, stated) {
  const { record } = held;
  if (record.kind === "consignment") _verifyStatedRow(held, papers, stated);
  const denied = record.kind === "leg" && record.mode === "road" && (held.cells.get("vin") ?? "") !== "";
  if (denied) _papersFault(_placeOfField(held, "truck"), "the row names a truck: the bundle must have its group");
}

/** Holds what the statement alone says of its consignment against the row and the list of sites. */
function _verifyStatedRow(held, papers, stated) {
  for (const name of _STATED_CELLS) {
    const same = (stated[name] ?? "") === (held.cells.get(name) ?? "");
    must(same, "papers.statement", "the statement says something else than the row", `$.consignment.${name}`);
  }
  for (const end of ["origin_site", "destination_site"]) {
    const { site_id: id, name_en: en, name_zh: zh } = stated[end];
    const site = papers.sites.get(id);
    const same = (en ?? "") === (site?.name_en ?? "") && (zh ?? "") === (site?.name_zh ?? "");
    must(same, "papers.statement", `${SITES_FILE} has other names of this site`, `$.consignment.${end}`);
  }
}

/** Holds a record without a row, of something that is only named: it says nothing but the name. */
function _verifyRowless(groups, opened) {
  for (const [group, records] of groups) {
    records.forEach((record, number) => {
      const source = RECORD_SOURCES.get(record.kind);
      if (!source || record.row !== null) return;
      const fields = source.cells.map((column) => column.field).filter((field) => field !== `${record.kind}_id`);
      const closed = Object.keys(source.closed ?? {}).flatMap((name) => {
        return Object.values(opened.get(openedKey(group, number, name)) ?? {});
      });
      const silent = fields.every((field) => !record[field]) && closed.every((value) => !_isSaid(value));
      if (!silent) _papersFault(`${group}[${number}]`, "expected null without a row that says it");
    });
  }
}

/** Whether a value says something: an empty list or object does not. */
function _isSaid(value) {
  return value !== null && typeof value === "object" ? Object.keys(value).length > 0 : Boolean(value);
}

/** Holds the consignment's list of legs against the records of legs. */
function _verifyListedLegs(groups, id) {
  const where = `consignment/${id}`;
  const legs = [...groups.values()]
    .flatMap((records) => records.filter((record) => record.kind === "leg" && record.consignment_id === id))
    .sort(byKeys((leg) => leg.sequence, (leg) => leg.row));
  const { legs: listed, row } = groups.get(where)[0];
  if (row === null) _papersFault(`${where}[0].row`, "expected the row of the consignment");
  const known = legs.length > 0 && listed.length === legs.length && legs.every((leg, at) => leg.leg_id === listed[at]);
  if (!known) _papersFault(`${where}[0].legs`, "these are not the legs that records speak of");
}

/** Holds every fill against what its station's group says of it. */
function _verifyFillsOfStations(groups) {
  const key = (fill) => JSON.stringify([fill.refuelling_id, fill.started_at_ms, fill.mass_mg, fill.row]);
  for (const [group, records] of groups) {
    for (const fill of records.filter((record) => record.kind === "fill")) {
      const station = groups.get(`site/${fill.station_id}`);
      if (!station) continue;
      const has = station.some((each) => each.kind === "station_fill" && key(each) === key(fill));
      if (!has) _papersFault(group, `the station's records do not have the fill ${fill.refuelling_id}`);
    }
  }
}

/** Holds every record `site` against the row that stands for this site: none may hide, none may be invented. */
function _verifySiteRows(groups, papers) {
  for (const [group, records] of groups) {
    if (!group.startsWith("site/")) continue;
    const row = papers.sites.get(group.slice("site/".length))?.row ?? null;
    if (records[0].row !== row) _papersFault(`${group}[0].row`, "expected the row of this site, or null without one");
  }
}

/** Holds suppliers' lines against the files; signed telemetry of the bundle's trucks may not lack. */
function _verifySignedFiles(files, notes, vins) {
  const isOurs = (path) => vins.some((vin) => path.startsWith(`${TELEMETRY_FOLDER}${vin}/`));
  for (const { says } of notes) {
    for (const signed of says.kind === "files" ? says.files : []) {
      const file = files.get(signed.path);
      const same = !file || (file.sha256 === signed.sha256 && file.size === signed.size);
      must(same, "signature.file", "its supplier signed for other bytes", signed.path);
      const there = file || !isOurs(signed.path);
      must(there, "received.missing", "its supplier signed for telemetry of a truck", signed.path);
    }
  }
}
