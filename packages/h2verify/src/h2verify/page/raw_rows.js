// The rows behind activity records: which must be disclosed, and those that are, as cells. And the sites of a trial.

const SITES_FILE = "sites.csv";
const TRIAL_FILE = "trial.toml";
const WHOLE_FILES = [
  TRIAL_FILE,
  SITES_FILE,
  "tank_opening.csv",
  "legs.csv",
  "refuellings.csv",
  "hydrogen_deliveries.csv",
  "hydrogen_batches.csv",
  "station_energy.csv",
];
/** Files that an operator may never have received; no record has a row of them then. */
const WHOLE_IF_RECEIVED = ["station_stock.csv", "hub_operations.csv"];
const SITES_MAX = 5_000;
const _SITE_TEXTS = ["site_id", "name_zh", "name_en", "kind", "operator_id", "grid_region"];
const _DEGREES_E6_MAX = [180_000_000n, 90_000_000n];

/** Every record that has a row: {group, number, record, source}. */
function _recordsWithRows(groups) {
  const found = [];
  for (const [group, records] of groups) {
    records.forEach((record, number) => {
      const source = RECORD_SOURCES.get(record.kind);
      if (source && record.row !== null) found.push({ group, number, record, source });
    });
  }
  return found;
}

/** Values by key, each a list. */
function _gathered(values, keyOf) {
  const found = new Map();
  for (const value of values) {
    const key = keyOf(value);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(value);
  }
  return found;
}

/** Refuses `received.missing`: a file that goes whole, or a row that records rest on, is not there. */
function verifyRowsThere(files, groups) {
  const mustBeWhole = (path) => must(files.get(path)?.whole, "received.missing", "expected the whole file", path);
  WHOLE_FILES.forEach(mustBeWhole);
  const needed = _gathered(_recordsWithRows(groups), ({ source }) => source.file);
  WHOLE_IF_RECEIVED.filter((path) => needed.has(path) || files.has(path)).forEach(mustBeWhole);
  for (const [group, records] of groups) {
    const there = !group.startsWith("consignment/") || records[0].row !== null;
    must(there, "received.missing", "expected the row of this consignment", group);
  }
  for (const [path, held] of needed) {
    const rows = new Set(held.map(({ record }) => record.row));
    const found = files.get(path)?.findRecords(rows) ?? new Map();
    must(found.size === rows.size, "received.missing", "a row that records rest on is not disclosed", path);
  }
}

/** The files that were never received, the operator says. */
function absentFiles(files) {
  return WHOLE_IF_RECEIVED.filter((path) => !files.has(path));
}

/** The records whose row is disclosed, file by file, each with its cells (a Map by column); refuses `papers.row`. */
function* recordsWithCells(files, groups) {
  const byFile = _gathered(_recordsWithRows(groups), ({ source }) => source.file);
  for (const path of [...byFile.keys()].sort(compareTexts)) {
    const held = byFile.get(path);
    const rows = new Set([0, ...held.map(({ record }) => record.row)]);
    const cells = _cellsByRow(path, files.get(path)?.findRecords(rows) ?? new Map());
    for (const each of held) {
      if (cells.has(each.record.row)) yield { ...each, cells: cells.get(each.record.row) };
    }
  }
}

function _cellsByRow(path, found) {
  const cells = new Map();
  const rows = [...found.keys()].filter((row) => row > 0).sort((a, b) => a - b);
  if (!rows.length) return cells;
  const columns = _orPapersRow(`${path} header`, () => columnsOfHeader(found.get(0)));
  for (const row of rows) {
    cells.set(row, _orPapersRow(`${path} row ${row}`, () => cellsByColumn(columns, found.get(row))));
  }
  return cells;
}

/** What an attempt gives; a row or cell that cannot be read is refused. */
function _orPapersRow(where, attempt) {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof CsvFault) && !(error instanceof CellFault)) throw error;
    return refuse("papers.row", error.message, where);
  }
}

/**
 * The sites of a trial by id, from the whole of sites.csv, in the order of rows: {row, site_id, is_station, ...}. A row
 * without id or position, with a cell that cannot be read, or with an id that stood before is set aside.
 */
function sitesOfFile(file) {
  const sites = new Map();
  let columns = null;
  eachRecord(file.whole.content, (record, row) => {
    if (row === 0) {
      columns = _orPapersRow(`${SITES_FILE} header`, () => columnsOfHeader(record));
      return;
    }
    must(row <= SITES_MAX, "container.limit", `more than ${SITES_MAX} sites`, SITES_FILE);
    const site = _siteOfRow(columns, record, row);
    if (site !== null && !sites.has(site.site_id)) sites.set(site.site_id, site);
  });
  must(columns !== null, "papers.row", "expected a header", SITES_FILE);
  return sites;
}

function _siteOfRow(columns, record, row) {
  let cells;
  let place;
  try {
    cells = cellsByColumn(columns, record);
    place = POSITION_CELLS.map((column) => valueOfCell(column, cells.get(column.name) ?? ""));
  } catch (error) {
    if (error instanceof CsvFault || error instanceof CellFault) return null;
    throw error;
  }
  const texts = Object.fromEntries(_SITE_TEXTS.map((name) => [name, cells.get(name) ?? ""]));
  const tooLong = Object.values(texts).some((text) => lengthOf(text) > _CELL_CHARACTERS_MAX);
  const onEarth = place.every((degrees, at) => degrees !== null && distanceBetween(degrees, 0n) <= _DEGREES_E6_MAX[at]);
  if (!texts.site_id || tooLong || !onEarth) return null;
  return { ...texts, row, is_station: texts.kind === "station", longitude_e6: place[0], latitude_e6: place[1] };
}
