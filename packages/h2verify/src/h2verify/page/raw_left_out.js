// Step 17, last part: of the files that are whole, every row that stands has its record, and no record more. Else an
// operator who holds every key could leave a day of electricity, a load of hydrogen or a shared leg out of the records.

const CONSIGNMENTS_FILE = "consignments.csv";
const LEGS_FILE = "legs.csv";
/** Read in the unit of records, mm. */
const _DISTANCE_COLUMN = { name: "transport_distance_km", kind: "quantity", places: 6 };

/** By head of a group: the kinds of records that rows of whole files stand behind, and the cell that names the group. */
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
  ["truck", { truck: "vin", tank_opening: "vin", leg: "vin", fill: "vin" }],
  ["consignment", { consignment: "consignment_id", leg: "consignment_id" }],
]);
/** Records that say what something is: exactly the row that stands for it, the first with its name. */
const _HEADS = ["batch", "truck", "consignment"];

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

  isThere(path) {
    return this.rows.has(path);
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
  const trucks = new Set(papers.vins.values());
  const asked = [...groups].flatMap(([name, records]) => {
    const isOwn = name === `consignment/${consignmentId}`;
    return _askedOfGroup({ name, records, isOwn }, tables, papers.vins, trucks);
  });
  for (const { where, kind, standing, recorded } of asked) {
    const named = !_HEADS.includes(kind) || recorded.size === standing.size;
    const stands = named && [...recorded].every((row) => standing.has(row));
    must(stands, "papers.row", "a row does not stand, is about something else, or stands unnamed", where);
  }
  for (const { where, standing, recorded } of asked) {
    const absent = [...standing].find((row) => !recorded.has(row));
    must(absent === undefined, "papers.left-out", `row ${absent} has no record in this group`, where);
  }
  _verifyLegsOfRows(groups, tables);
  _verifyDistancesOfRows(groups, tables, papers.sites);
}

/** What the tables ask of one group, kind by kind; of another consignment, only that its row stands. */
function _askedOfGroup({ name, records, isOwn }, tables, vins, trucks) {
  const at = name.indexOf("/");
  const [head, about] = at < 0 ? [name, ""] : [name.slice(0, at), name.slice(at + 1)];
  const isOthersLeg = (kind) => head === "consignment" && kind === "leg";
  return Object.entries(_KINDS_OF_GROUP.get(head) ?? {})
    .filter(([kind]) => tables.isThere(RECORD_SOURCES.get(kind).file) && (isOwn || !isOthersLeg(kind)))
    .map(([kind, cell]) => {
      const { file } = RECORD_SOURCES.get(kind);
      const found = tables.about(file, cell, head === "truck" ? vins.get(about) : about);
      const rows = isOthersLeg(kind) ? found.filter((row) => !trucks.has(row.cell("vin"))) : found;
      const said = records.filter((record) => record.kind === kind && record.row !== null).map((record) => record.row);
      const where = `${file}, ${kind} of ${name}`;
      return { where, kind, standing: new Set(rows.map((row) => row.row)), recorded: new Set(said) };
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

/** Holds distances against the least that legs state between two sites, and against where the sites lie. */
function _verifyDistancesOfRows(groups, tables, places) {
  const least = new Map();
  for (const leg of tables.about(LEGS_FILE, "mode", "road")) {
    const length = valueOfCell(_DISTANCE_COLUMN, leg.cell(_DISTANCE_COLUMN.name));
    if (length === null) continue;
    const ends = _pairOfSites(leg.cell("origin_site"), leg.cell("destination_site"));
    if (!least.has(ends) || length < least.get(ends)) least.set(ends, length);
  }
  const records = (groups.get("distances") ?? []).filter((record) => record.kind === "distance");
  records.forEach(({ sites, transport_mm: said, straight_mm: straight }, at) => {
    const found = least.get(_pairOfSites(...sites));
    const same = found === undefined ? said === null : said !== null && BigInt(said) === found;
    must(same, "papers.row", `the legs of ${LEGS_FILE} give another distance`, `distances[${at}].transport_mm`);
    const lies = straight === null || BigInt(straight) === _straightOf(sites, places);
    must(lies, "papers.row", "sites.csv gives another distance", `distances[${at}].straight_mm`);
  });
  const recorded = new Set(records.map(({ sites }) => _pairOfSites(...sites)));
  const absent = [...least.keys()].find((ends) => !recorded.has(ends));
  must(absent === undefined, "papers.left-out", "the distance between these sites has no record", absent);
}

/** The great circle between two sites, in order of id [mm]; null where one of them does not stand. */
function _straightOf(ends, places) {
  const found = [...ends].sort(compareTexts).map((id) => places.get(id));
  if (found.includes(undefined)) return null;
  const [one, other] = found;
  return BigInt(greatCircleMm(one.longitude_e6, one.latitude_e6, other.longitude_e6, other.latitude_e6));
}

/** One text for two sites, either way round. */
function _pairOfSites(one, other) {
  return JSON.stringify([one, other].sort(compareTexts));
}
