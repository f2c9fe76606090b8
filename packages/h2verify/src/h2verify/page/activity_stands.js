// Where a truck stood, which standings end a trip, and which trips served a leg. Instants in seconds, places in
// millionths of a degree; all BigInt or null. Rows are those of `runs` and `silences` (activity_readings.js).

const SHORTEST_STAND_S = 600n;
const LONG_SILENCE_S = 600n;
const SITE_RADIUS_MM = 1_000_000n;
const PARKED_ODOMETER_STEPS = 2n;
const LEG_SLACK_S = 1800n;
const SLOWEST_DRIVE_MM_S = 8_333n;
const NEAR_FIX_STEPS = 5n;
const _GCJ02 = 2n;
const _ABOUT_A_SITE_E6 = 20_000n;
const _ODOMETER_STEP_MM = 100_000n;
const _PARKED_MM = PARKED_ODOMETER_STEPS * _ODOMETER_STEP_MM;
const _PLACE_COLUMNS = ["longitude_e6", "latitude_e6", "coordinate_system"];
const _BEGINNING = ["is_first", "quiet_at_s", ..._PLACE_COLUMNS];

function distanceBetween(a, b) {
  return a < b ? b - a : a - b;
}

/** The end of a standing; a silence after which the truck is still in place belongs to it. */
function runEndedAtS(run) {
  return run.next_at_s !== null && isInPlace(run.odometer, run.next_odometer) ? run.next_at_s : run.ended_at_s;
}

/** Whether two odometers [0.1 km] are those of a truck that stayed in place. */
function isInPlace(before, after) {
  return before !== null && after !== null && before <= after && after - before <= PARKED_ODOMETER_STEPS;
}

/** The WGS 84 place [longitude, latitude] of a standing: its own fix, else one just before or after it; or null. */
function runPlace(run) {
  for (const side of ["", "before_", "after_"]) {
    const [longitude, latitude, system] = _PLACE_COLUMNS.map((name) => run[side + name] ?? null);
    if (longitude === null || latitude === null) continue;
    if (side && !_isBesideRun(run, run[`${side}odometer`])) continue;
    return system === _GCJ02 ? wgs84FromGcj02(longitude, latitude) : [longitude, latitude];
  }
  return null;
}

function _isBesideRun(run, odometer) {
  return odometer !== null && run.odometer !== null && distanceBetween(odometer, run.odometer) <= NEAR_FIX_STEPS;
}

/**
 * The standings of a truck in the columns of a run: its runs of readings, and what lies hidden in silences; of these,
 * such as touch make one.
 */
function standingsOf(runs, silences) {
  const hidden = silences
    .filter((silence) => isLongSilence(silence) && !_isShownByRun(silence, runs))
    .map(_silentStanding)
    .filter((found) => found !== null);
  const standings = [];
  for (const row of [...runs, ...hidden].sort(byKeys((each) => each.started_at_s, (each) => Boolean(each.is_hidden)))) {
    const before = standings.at(-1);
    if (before && row.started_at_s <= runEndedAtS(before)) standings.push(_joinedStanding(standings.pop(), row));
    else standings.push(row);
  }
  return standings;
}

/** Whether a silence belongs to one of the runs, which are in order of time, that is long enough by itself. */
function _isShownByRun(silence, runs) {
  const run = runs[firstWith(runs, (each) => each.started_at_s > silence.from_s) - 1];
  return Boolean(run) && runEndedAtS(run) > silence.from_s && runEndedAtS(run) - run.started_at_s >= SHORTEST_STAND_S;
}

/** Two standings that touch as one: what readings show of it is what its run shows; of two runs each its side. */
function _joinedStanding(before, after) {
  if (after.is_hidden) return { ...before, ended_at_s: after.ended_at_s, next_at_s: null };
  const joined = { ...after, started_at_s: before.started_at_s };
  if (!before.is_hidden) for (const name of _BEGINNING) joined[name] = before[name];
  return joined;
}

function isLongSilence(silence) {
  return silence.to_s - silence.from_s >= LONG_SILENCE_S;
}

function _silentStanding(silence) {
  const driven = _drivenMm(silence);
  if (driven === null) return null;
  const driveS = floorDivide(driven, SLOWEST_DRIVE_MM_S);
  const stays = !silence.speed || (Boolean(silence.next_speed) && driven <= _PARKED_MM);
  if (silence.to_s - silence.from_s - driveS < SHORTEST_STAND_S || !(stays || !silence.next_speed)) return null;
  const side = stays ? "" : "next_";
  const standing = {
    started_at_s: stays ? silence.from_s : silence.from_s + driveS,
    ended_at_s: stays ? silence.to_s - driveS : silence.to_s,
    is_first: false,
    is_last: false,
    odometer: null,
    next_at_s: null,
    next_odometer: null,
    quiet_at_s: stays ? silence.from_s : silence.to_s,
    is_hidden: true,
  };
  for (const name of _PLACE_COLUMNS) standing[name] = silence[side + name];
  return standing;
}

function _drivenMm(silence) {
  const [before, after] = [silence.odometer, silence.next_odometer];
  if (before !== null && after !== null && after >= before) return (after - before) * _ODOMETER_STEP_MM;
  const start = runPlace(silence);
  const end = runPlace(Object.fromEntries(_PLACE_COLUMNS.map((name) => [name, silence[`next_${name}`]])));
  return start && end ? greatCircleMm(...start, ...end) : null;
}

/** The standings that end trips, in order of time; `sites` and `legs` as in the records, legs those of the truck. */
function tripEndingStands(runs, sites, legs) {
  const around = { sites, legs, begun: _legsBegun(runs, sites, legs) };
  const stands = runs.map((run) => _standOf(run, around)).filter((stand) => stand !== null);
  return stands.sort(byKeys((stand) => stand.started_at_s));
}

/** The legs at whose origin the truck stood about their departure, and those before which it stood at no site. */
function _legsBegun(runs, sites, legs) {
  const stood = new Map(sites.map((site) => [site.site_id, []]));
  let firstS = null;
  for (const run of [...runs].sort(byKeys((each) => each.started_at_s))) {
    const [place, endedAtS] = [runPlace(run), runEndedAtS(run)];
    const near = sites.filter((site) => place === null || nearestSite(place, [site]));
    for (const site of near) stood.get(site.site_id).push({ began_s: run.started_at_s, ended_s: endedAtS });
    const isLong = endedAtS - run.started_at_s >= SHORTEST_STAND_S;
    if (firstS === null && place !== null && isLong && !near.every((site) => site.is_station)) firstS = run.started_at_s;
  }
  return legs.filter((leg) => {
    if (firstS === null || leg.departed_at_s < firstS || !stood.has(leg.origin_site)) return true;
    const there = stood.get(leg.origin_site);
    const last = there[firstWith(there, (each) => each.began_s > leg.departed_at_s + LEG_SLACK_S) - 1];
    return Boolean(last) && last.ended_s >= leg.departed_at_s - LEG_SLACK_S;
  });
}

function _standOf(run, around) {
  const atAnEnd = run.is_first || run.is_last;
  const endedAtS = runEndedAtS(run);
  if (!atAnEnd && endedAtS - run.started_at_s < SHORTEST_STAND_S) return null;
  const place = runPlace(run);
  const site = place ? _endingSite(run, place, around) : _siteByPapers(run, around);
  if (site === null && !atAnEnd) return null;
  return {
    started_at_s: run.started_at_s,
    ended_at_s: endedAtS,
    split_at_s: run.is_first ? run.started_at_s - 1n : (run.quiet_at_s ?? run.ended_at_s),
    site_id: site ? site.site_id : null,
    longitude_e6: place ? place[0] : null,
    latitude_e6: place ? place[1] : null,
    open_ended: atAnEnd,
  };
}

function _endingSite(run, place, { sites, legs, begun }) {
  const site = _namedOrNearest(run, place, sites.filter((each) => !each.is_station), legs);
  if (site !== null) return site;
  const underWay = begun.some((leg) => leg.departed_at_s <= run.started_at_s && run.started_at_s < leg.arrived_at_s);
  return underWay ? null : nearestSite(place, sites.filter((each) => each.is_station));
}

/** The one site that legs name here and now, for a standing that sent no position at all. */
function _siteByPapers(run, { sites, legs }) {
  const named = _namedSites(run, legs);
  const found = sites.filter((site) => !site.is_station && named.has(site.site_id));
  return found.length === 1 ? found[0] : null;
}

/** How many legs arrive at or depart from each site about when a standing begins or ends. */
function _namedSites(run, legs) {
  const named = new Map();
  const name = (site) => named.set(site, (named.get(site) ?? 0) + 1);
  for (const leg of legs) {
    if (distanceBetween(leg.arrived_at_s, run.started_at_s) <= LEG_SLACK_S) name(leg.destination_site);
    if (distanceBetween(leg.departed_at_s, runEndedAtS(run)) <= LEG_SLACK_S) name(leg.origin_site);
  }
  return named;
}

/** Of several sites within reach those that most legs name here and now, of these the nearest. */
function _namedOrNearest(run, place, sites, legs) {
  const named = _namedSites(run, legs);
  const count = (site) => named.get(site.site_id) ?? 0;
  const inReach = sites.filter((site) => nearestSite(place, [site]));
  const most = inReach.map(count).reduce((a, b) => Math.max(a, b), 0);
  return nearestSite(place, sites.filter((site) => count(site) === most));
}

/** The nearest site within one kilometre of a place, or null. */
function nearestSite(place, sites) {
  const about = (site) =>
    distanceBetween(site.longitude_e6, place[0]) < _ABOUT_A_SITE_E6 &&
    distanceBetween(site.latitude_e6, place[1]) < _ABOUT_A_SITE_E6;
  const near = sites
    .filter(about)
    .map((site) => ({ site, away: greatCircleMm(...place, site.longitude_e6, site.latitude_e6) }))
    .filter(({ away }) => away <= SITE_RADIUS_MM)
    .sort(byKeys((each) => each.away, (each) => each.site.site_id));
  return near.length ? near[0].site : null;
}

/**
 * Which trips of a truck served each of its legs: {leg_id, trips: [trip_no], fault}. `sites` is a Map by id,
 * `silences` the truck's.
 */
function serveLegs(legs, trips, stands, sites, silences) {
  const inOrder = [...stands].sort(byKeys((stand) => stand.split_at_s));
  return legs.map((leg) => {
    const found = _servedBy(leg, trips, inOrder, sites);
    const seen = found.at === null || _saw(trips, inOrder, silences, found.at);
    return { leg_id: leg.leg_id, trips: found.trips, fault: seen ? found.fault : "no-data" };
  });
}

/** Trips and fault of a leg; `at` is the instant about which the truck's data would have to say something. */
function _servedBy(leg, trips, stands, sites) {
  if (!trips.length || !stands.length) return { trips: [], fault: "no-data", at: null };
  const standsAt = (siteId) => stands.map((stand) => _isAt(stand, sites.get(siteId)));
  const begun = stands.map((stand) => stand.started_at_s);
  const left = stands.map((stand) => stand.ended_at_s);
  const first = _nearestInTime(left, leg.departed_at_s, standsAt(leg.origin_site));
  if (first === null) return { trips: [], fault: "elsewhere-at-departure", at: leg.departed_at_s };
  const last = _nearestInTime(begun, leg.arrived_at_s, standsAt(leg.destination_site));
  if (last === null) return { trips: [], fault: "elsewhere-at-arrival", at: leg.arrived_at_s };
  const served = trips.filter((trip) => first < trip.segment_no && trip.segment_no <= last);
  return { trips: served.map((trip) => trip.trip_no), fault: served.length ? null : "not-moving", at: null };
}

/** Whether the truck's data say where it was at an instant: not before or after them, unless it stands there. */
function _saw(trips, stands, silences, atS) {
  const [begun, ended] = [trips[0].started_at_s, trips.at(-1).ended_at_s];
  const from = stands[0].split_at_s <= begun ? begun - LEG_SLACK_S : begun;
  const to = stands.at(-1).split_at_s >= ended ? ended + LEG_SLACK_S : ended;
  const holds = (silence) => isLongSilence(silence) && silence.from_s <= atS && atS <= silence.to_s;
  return from <= atS && atS <= to && !silences.some(holds);
}

/** The number of the possible instant nearest in time, if it lies within the slack; or null. */
function _nearestInTime(instants, atS, possible) {
  let best = null;
  instants.forEach((instant, place) => {
    const away = distanceBetween(instant, atS);
    if (possible[place] && away <= LEG_SLACK_S && (best === null || away < best.away)) best = { away, place };
  });
  return best === null ? null : BigInt(best.place);
}

/** Whether a stand lies at a site; one without a position is believed by its time. */
function _isAt(stand, site) {
  if (!site) return false;
  if (stand.longitude_e6 === null || stand.latitude_e6 === null) return true;
  if (distanceBetween(stand.latitude_e6, site.latitude_e6) >= _ABOUT_A_SITE_E6) return false;
  const away = greatCircleMm(stand.longitude_e6, stand.latitude_e6, site.longitude_e6, site.latitude_e6);
  return away <= SITE_RADIUS_MM;
}
