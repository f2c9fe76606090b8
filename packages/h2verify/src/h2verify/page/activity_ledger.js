// The groups of records at hand, and which of them were asked for: what a chain needs is what was asked for while it
// was written.

/** Names of a document's object; what is absent, an empty text or an empty list does not stand in it. */
function said(fields) {
  const stands = (value) => value !== null && value !== "" && !(Array.isArray(value) && !value.length);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => stands(value)));
}

/** A whole number of a small unit (BigInt) as the decimal text of a unit 10^places as large, no zero at its end. */
function decimalText(number, places) {
  return new Decimal(number, -places).toString();
}

/** References to rows of a file. */
function rowsOf(file, records) {
  return records.map((record) => `${file}.csv#${record.row}`);
}

class Ledger {
  /** `groups` is a Map from names to records whose whole numbers are BigInt. */
  constructor(groups, referencesMax) {
    this.asked = new Set();
    this.referencesLeft = referencesMax;
    this.kinds = new Map([...groups].map(([name, records]) => [name, _recordsByKind(records)]));
    this.truckOfLeg = new Map();
    for (const [name, kinds] of this.kinds) {
      if (name.startsWith("truck/")) for (const leg of kinds.get("leg") ?? []) this.truckOfLeg.set(leg.leg_id, name);
    }
  }

  /** The records of one kind in a group, in order; refuses `activity.group-missing`. */
  list(group, kind) {
    const kinds = this.kinds.get(group);
    if (!kinds) refuse("activity.group-missing", "the figure rests on this group", group);
    this.asked.add(group);
    return kinds.get(kind) ?? [];
  }

  /** The first record of a group that is named for one thing. */
  head(group) {
    return this.list(group, group.split("/", 1)[0])[0];
  }

  site(siteId) {
    return this.head(`site/${siteId}`);
  }

  consignment(consignmentId) {
    return this.head(`consignment/${consignmentId}`);
  }

  /** A leg of a consignment, from its truck's group or the consignment's own. */
  leg(consignmentId, legId) {
    const own = `consignment/${consignmentId}`;
    const found = this.list(this.truckOfLeg.get(legId) ?? own, "leg").find((leg) => leg.leg_id === legId);
    if (!found) refuse("activity.group-missing", `no group has leg ${legId} of this consignment`, own);
    return found;
  }

  /** References as they are, counted. */
  refer(references) {
    this.referencesLeft -= references.length;
    must(this.referencesLeft >= 0, "container.limit", "the chain would refer to too many rows", "activity");
    return references;
  }

  /** The names of the groups of one sort that were asked for, in order. */
  listAsked(prefix) {
    return [...this.asked].filter((name) => name.startsWith(prefix)).sort(compareTexts);
  }
}

function _recordsByKind(records) {
  const kinds = new Map();
  for (const record of records) {
    if (!kinds.has(record.kind)) kinds.set(record.kind, []);
    kinds.get(record.kind).push(record);
  }
  return kinds;
}

/** A truck's group as arithmetic takes it: `tank_opening` a mix, legs with seconds, the rest as recorded. */
function readTruck(ledger, group) {
  const records = (kind) => ledger.list(group, kind);
  const opening = new Map();
  for (const each of records("tank_opening")) addToMix(opening, each.batch_id ? `${each.batch_id}@` : "", each.mass_mg);
  const legs = records("leg");
  const legIds = new Set(legs.map((leg) => leg.leg_id));
  return {
    group,
    head: ledger.head(group),
    opening,
    legs,
    fills: records("fill"),
    stands: records("stand"),
    windows: records("window"),
    spans: records("span"),
    services: records("service").filter((service) => legIds.has(service.leg_id)),
    trips: records("trip"),
    hydrogen: records("span_hydrogen"),
  };
}

/** Whole seconds of an instant in milliseconds. */
function secondsOf(ms) {
  return floorDivide(ms, 1000n);
}

/** What a station held when its first day on record began [mg], or null. */
function openingStockMg(stocks) {
  const known = stocks.filter((stock) => stock.opening_mg !== null);
  if (!known.length) return null;
  return known.sort(byKeys((stock) => stock.day, (stock) => stock.row))[0].opening_mg;
}

/** A truck's records `span_hydrogen` as they follow from its windows, spans and the stations it filled at. */
function recomputeHydrogen(ledger, truck) {
  const stations = [...new Set(truck.fills.map((fill) => fill.station_id))].sort(compareTexts);
  const openings = new Map();
  const fills = [];
  const deliveries = [];
  for (const station of stations) {
    const records = (kind) => ledger.list(`site/${station}`, kind);
    const opening = openingStockMg(records("station_stock"));
    if (opening !== null) openings.set(station, opening);
    for (const fill of records("station_fill")) {
      fills.push({ ...fill, station_id: station, started_at_s: secondsOf(fill.started_at_ms) });
    }
    for (const each of records("delivery")) {
      deliveries.push({ ...each, station_id: station, delivered_at_s: secondsOf(each.delivered_at_ms) });
    }
  }
  const periodStartS = secondsOf(ledger.head("trial").period_start_ms);
  const origins = originOfFills(deliveries, openings, periodStartS, fills);
  const used = reconcileTruck(truck.windows, truck.spans, truck.head.tank_volume_ml);
  return originOfSpans(truck.windows, truck.spans, used, truck.opening, origins);
}
