// Step 17, last part: of the files that are whole, every row that stands has its record, and no record more. Else an
// operator who holds every key could leave a day of electricity, a load of hydrogen or a shared leg out of the records.

const CONSIGNMENTS_FILE = "consignments.csv";
const LEGS_FILE = "legs.csv";
/** Read in the unit of records, mm. */
const _DISTANCE_COLUMN = { name: "transport_distance_km", kind: "quantity", places: 6 };

/** By head of a group: the kinds of records that rows of whole files stand behind, and the cell that says of whom. */
const _KINDS_OF_GROUP = new Map([
  [
    "site",
    {
      hub_operation: "site_id",
      delivery: "station_id",
      station_energy: "station_id",
      station_stock: "station_id",
      station_fill: "station_id",
    },
  ],
  ["batch", { batch: "batch_id", batch_delivery: "batch_id" }],
  ["truck", { tank_opening: "vin", leg: "vin", fill: "vin" }],
  ["consignment", { leg: "consignment_id" }],
]);

/** Rows of whole files that stand, by what a cell says. */
class StandingTables {
  constructor(files, sites) {
    const rows = new Map();
    for (const path of TABLES.keys()) {
      if (files.get(path)?.whole) rows.set(path, standingRows(path, files.get(path)));
    }
    const known = new Map([[SITES_FILE, new Set(sites.keys())]]);
    const consignments = rows.get(CONSIGNMENTS_FILE);
    if (consignments) known.set(CONSIGNMENTS_FILE, new Set(consignments.map((row) => row.cell("consignment_id"))));
    this.rows = new Map([...rows].map(([path, all]) => [path, all.filter((row) => _namesStand(path, row, known))]));
    this.byCell = new Map();
  }

  /** The rows of a file of which a cell says this; none where the file is not there. */
  about(path, name, value) {
    const key = `${path} ${name}`;
    if (!this.byCell.has(key)) this.byCell.set(key, _gathered(this.rows.get(path) ?? [], (row) => row.cell(name)));
    return this.byCell.get(key).get(value) ?? [];
  }
}

function _namesStand(path, row, known) {
  return (TABLES.get(path).names ?? []).every(([name, target]) => known.get(target)?.has(row.cell(name)) ?? true);
}

/** Refuses `papers.row` and `papers.left-out`; the records were held against their rows before. */
function verifyNothingLeftOut(files, groups, papers, consignmentId) {
  const tables = new StandingTables(files, papers.sites);
  const own = `consignment/${consignmentId}`;
  const names = [...groups.keys()].filter((name) => !name.startsWith("consignment/") || name === own);
  const asked = names.flatMap((name) => _askedOfGroup(name, groups.get(name), tables, papers.vins));
  for (const { where, kind, rows, said } of asked) {
    const named = kind !== "batch" || said.size === rows.size;
    const stands = named && [...said].every((row) => rows.has(row));
    must(stands, "papers.row", "a row does not stand, is about something else, or is not the one named", where);
  }
  for (const { where, rows, said } of asked) {
    const absent = [...rows].find((row) => !said.has(row));
    must(absent === undefined, "papers.left-out", `row ${absent} has no record in this group`, where);
  }
  _verifyLegsOfRows(groups, tables);
  _verifyDistancesOfRows(groups, tables);
}

/** What the tables ask of one group, kind by kind: rows that must have a record, and rows that have one. */
function _askedOfGroup(name, records, tables, vins) {
  const at = name.indexOf("/");
  const [head, about] = at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
  const trucks = new Set(vins.values());
  return Object.entries(_KINDS_OF_GROUP.get(head) ?? {}).map(([kind, cell]) => {
    const { file } = RECORD_SOURCES.get(kind);
    const found = tables.about(file, cell, head === "truck" ? vins.get(about) : about);
    const standing = head === "consignment" ? found.filter((row) => !trucks.has(row.cell("vin"))) : found;
    const said = records.filter((record) => record.kind === kind && record.row !== null).map((record) => record.row);
    const where = `${file}, ${kind} of ${name}`;
    return { where, kind, rows: new Set(standing.map((row) => row.row)), said: new Set(said) };
  });
}

/** Holds the list of legs of every consignment against the rows of legs. */
function _verifyLegsOfRows(groups, tables) {
  for (const [name, records] of groups) {
    if (!name.startsWith("consignment/")) continue;
    const rows = tables.about(LEGS_FILE, "consignment_id", name.slice("consignment/".length));
    const legs = [...rows].sort(byKeys((leg) => Number(leg.cell("sequence")), (leg) => leg.row));
    const { legs: listed } = records[0];
    const same = listed.length === legs.length && legs.every((leg, at) => leg.cell("leg_id") === listed[at]);
    must(same, "papers.left-out", `these are not the legs of ${LEGS_FILE}`, `${name}[0].legs`);
  }
}

/** Holds the least distance between two sites that legs state against the records. */
function _verifyDistancesOfRows(groups, tables) {
  const least = new Map();
  for (const leg of tables.about(LEGS_FILE, "mode", "road")) {
    const length = valueOfCell(_DISTANCE_COLUMN, leg.cell(_DISTANCE_COLUMN.name));
    if (length === null) continue;
    const ends = _pairOfSites(leg.cell("origin_site"), leg.cell("destination_site"));
    if (!least.has(ends) || length < least.get(ends)) least.set(ends, length);
  }
  const records = (groups.get("distances") ?? []).filter((record) => record.kind === "distance");
  records.forEach(({ sites, transport_mm: said }, at) => {
    const found = least.get(_pairOfSites(...sites));
    const same = found === undefined ? said === null : said !== null && BigInt(said) === found;
    must(same, "papers.row", `the legs of ${LEGS_FILE} give another distance`, `distances[${at}].transport_mm`);
  });
  const recorded = new Set(records.map(({ sites }) => _pairOfSites(...sites)));
  const absent = [...least.keys()].find((ends) => !recorded.has(ends));
  must(absent === undefined, "papers.left-out", "the distance between these sites has no record", absent);
}

/** One text for two sites, either way round. */
function _pairOfSites(one, other) {
  return JSON.stringify([one, other].sort(compareTexts));
}
