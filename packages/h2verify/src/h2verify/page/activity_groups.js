// The form of groups of activity records: which stand in which order, and how many there may be. What is not in this
// form is refused before any arithmetic sees it.

const RECORDS_OF_A_KIND_MAX = 2_000;
const DISTANCES_MAX = 20_000;
const RECORDS_MAX = 40_000;
const SPANS_TIMES_DELIVERIES_MAX = 1_000_000;
const _DAY_MS = 86_400_000;

/** Groups by the first part of their name: the head and the field that holds the rest of the name, the other kinds. */
const GROUP_KINDS = new Map([
  ["trial", { head: "trial", id: null, rest: [] }],
  ["consignment", { head: "consignment", id: "consignment_id", rest: ["leg"] }],
  [
    "truck",
    {
      head: "truck",
      id: "truck",
      rest: ["tank_opening", "leg", "fill", "stand", "window", "span", "service", "trip", "span_hydrogen"],
    },
  ],
  [
    "site",
    {
      head: "site",
      id: "site_id",
      rest: ["hub_operation", "delivery", "station_energy", "station_stock", "station_fill"],
    },
  ],
  ["batch", { head: "batch", id: "batch_id", rest: ["batch_delivery"] }],
  ["distances", { head: null, id: null, rest: ["distance"] }],
]);
const _BY_ROW = ["tank_opening", "leg", "fill", "hub_operation", "delivery", "station_energy", "station_stock"].concat([
  "station_fill",
  "batch_delivery",
]);
const _COUNTED = new Map([
  ["window", ["window_no", 0]],
  ["span", ["span_no", 0]],
  ["trip", ["trip_no", 1]],
]);

function _wrongForm(fault, where) {
  refuse("activity.form", fault, where);
}

/** Refuses (`activity.form`, `container.limit`) what is not in the form; `groups` is a Map of lists of records. */
function verifyForms(groups) {
  const all = [...groups.values()];
  const count = all.reduce((sum, records) => sum + records.length, 0);
  must(count <= RECORDS_MAX, "container.limit", `more than ${RECORDS_MAX} activity records`);
  for (const [name, records] of groups) _verifyGroup(name, records);
  const legs = all.flatMap((records) => records.filter((each) => each.kind === "leg").map((leg) => leg.leg_id));
  if (new Set(legs).size !== legs.length) _wrongForm("a leg stands twice", "activity");
  const ofKind = (kind) => all.reduce((sum, records) => sum + records.filter((each) => each.kind === kind).length, 0);
  const work = ofKind("span") * ofKind("delivery");
  must(work <= SPANS_TIMES_DELIVERIES_MAX, "container.limit", "too many spans times deliveries");
}

function _verifyGroup(name, records) {
  const slash = name.indexOf("/");
  const form = GROUP_KINDS.get(slash < 0 ? name : name.slice(0, slash));
  if (!form || slash >= 0 !== (form.id !== null)) _wrongForm("no group of the format has this name", name);
  records.forEach((record, at) => _verifyRecord(record, `${name}[${at}]`));
  const kinds = records.map((record) => record.kind);
  if (form.head !== null && kinds.shift() !== form.head) _wrongForm(`expected a record ${form.head} first`, name);
  const ranks = kinds.map((kind) => form.rest.indexOf(kind));
  const inOrder = ranks.every((rank, at) => rank >= 0 && (at === 0 || ranks[at - 1] <= rank));
  if (!inOrder) _wrongForm(`expected ${form.rest.join(", ")} in this order`, name);
  const identity = name.slice(slash + 1);
  if (form.id !== null) _verifyHead(name, identity, records[0], form.id);
  const ofKind = (kind) => records.filter((record) => record.kind === kind);
  for (const kind of form.rest) _verifyKind(name, kind, ofKind(kind));
  _verifyLegs(name, form.id === "truck", identity, ofKind("leg"));
  if (form.id === "truck") _verifyNames(name, ofKind);
}

function _verifyHead(name, identity, head, idField) {
  if (head[idField] !== identity) _wrongForm("the first record is of something else", name);
  const said = Object.keys(RECORD_FIELDS.get(head.kind)).filter((field) => field !== idField && field !== "legs");
  const empty = said.every((field) => head[field] === null);
  if (head.row === null && !empty) _wrongForm("no row describes it, and yet it says something", name);
  if (head.row !== null && head.mass_g === null) _wrongForm("a row describes it, and yet it has no mass_g", name);
}

function _verifyLegs(name, ofTruck, identity, legs) {
  for (const leg of legs) {
    const here = ofTruck ? leg.truck === identity : leg.consignment_id === identity && leg.truck === null;
    if (!here) _wrongForm(`leg ${leg.leg_id} belongs to another group`, name);
    const isNear = (end) => {
      const day = Date.parse(`${leg[`${end}_day`]}T00:00:00Z`) / _DAY_MS;
      return Math.abs(Math.floor(leg[`${end}_at_ms`] / _DAY_MS) - day) <= 1;
    };
    if (!isNear("departed") || !isNear("arrived")) _wrongForm(`leg ${leg.leg_id}: a day of another instant`, name);
  }
}

/** Refuses a truck's record that names a leg, trip or span which its group does not have. */
function _verifyNames(name, ofKind) {
  const [legs, services, hydrogen] = [ofKind("leg"), ofKind("service"), ofKind("span_hydrogen")];
  const asked = legs.length === services.length && legs.every((leg, at) => leg.leg_id === services[at].leg_id);
  if (!asked) _wrongForm("expected one service a leg, in order of the legs", name);
  const trips = ofKind("trip").length;
  const known = services.every((service) => service.trips.every((tripNo) => tripNo >= 1 && tripNo <= trips));
  if (!known) _wrongForm("a service names a trip that is not there", name);
  const spans = ofKind("span").length;
  const named = hydrogen.map((record) => record.span_no);
  const fits = named.every((number) => number < spans) && new Set(named).size === named.length;
  if (!fits) _wrongForm("hydrogen of a span that is not there, or twice", name);
}

function _verifyRecord(record, where) {
  const fields = isObject(record) ? RECORD_FIELDS.get(record.kind) : undefined;
  if (!fields) _wrongForm("a record without a kind of the format", where);
  const whole = hasNames(record, ["kind", "closed", ...Object.keys(fields)]);
  if (!whole) _wrongForm(`not the fields of ${record.kind}`, where);
  for (const [name, form] of Object.entries(fields)) {
    if (form(record[name], "$")) _wrongForm("another type or range than the format says", `${where}.${name}`);
  }
  const classes = CLOSED_CLASSES.get(record.kind) ?? [];
  const closed = hasNames(record.closed, classes) && classes.every((each) => !SHA256_HEX(record.closed[each], "$"));
  if (!closed) _wrongForm(`expected hashes of ${classes.join(", ") || "nothing"}`, `${where}.closed`);
}

function _verifyKind(name, kind, records) {
  const most = kind === "distance" ? DISTANCES_MAX : RECORDS_OF_A_KIND_MAX;
  must(records.length <= most, "container.limit", `${records.length} records ${kind}`, name);
  const order = _orderOf(name, kind);
  const inOrder = records.every((record, at) => at === 0 || order === null || order(records[at - 1], record) < 0);
  if (!inOrder) _wrongForm(`records ${kind} are not in order, or one stands twice`, name);
  if (kind === "distance" && !records.every(_isStraightWhereUnknown)) {
    _wrongForm("straight_mm stands where the other two are null, and nowhere else", name);
  }
  if (!_COUNTED.has(kind)) return;
  const [number, first] = _COUNTED.get(kind);
  const counts = records.every((record, at) => record[number] === first + at);
  if (!counts) _wrongForm(`records ${kind} do not count ${number} from ${first}`, name);
}

function _isStraightWhereUnknown(record) {
  const known = record.transport_mm !== null || record.driven_mm !== null;
  return known === (record.straight_mm === null);
}

/** The strict order of a kind in a group, or null where it has none of its own. */
function _orderOf(name, kind) {
  if (name.startsWith("consignment/")) return byKeys((leg) => leg.sequence, (leg) => leg.row);
  if (kind === "distance") return byKeys((each) => each.sites[0], (each) => each.sites[1]);
  if (kind === "stand") return byKeys((stand) => stand.split_at_s, (stand) => stand.started_at_s);
  if (kind === "trip") return byKeys((trip) => trip.segment_no);
  return _BY_ROW.includes(kind) ? byKeys((record) => record.row) : null;
}
