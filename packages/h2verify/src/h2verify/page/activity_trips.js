// Trips from spans and stands, and trips gathered into rounds: the road operations whose hydrogen is shared.

/** The columns of a trip that are sums over its spans, and the columns of a span they come from. */
const _TRIP_SUMS = [
  ["stack_charge_twice", "charge_twice"],
  ["stack_energy_twice", "energy_twice"],
  ["unobserved_s", "unobserved_s"],
  ["readings", "readings"],
];

/** The trips of one truck: segments in which it moved, with the sites of the stands on both sides. */
function tripsOf(spans, stands) {
  const inOrder = [...stands].sort(byKeys((stand) => stand.split_at_s));
  const segments = new Map();
  for (const span of spans) {
    if (!segments.has(span.segment_no)) segments.set(span.segment_no, []);
    segments.get(span.segment_no).push(span);
  }
  const moved = [...segments.entries()]
    .filter(([, parts]) => parts.some((part) => part.moving_readings))
    .sort((a, b) => compareValues(a[0], b[0]));
  return moved.map(([segmentNo, parts], at) => _tripOf(BigInt(at + 1), segmentNo, parts, inOrder));
}

function _tripOf(tripNo, segmentNo, parts, stands) {
  const count = BigInt(stands.length);
  const origin = segmentNo > 0n && segmentNo <= count ? stands[Number(segmentNo - 1n)] : null;
  const destination = segmentNo < count ? stands[Number(segmentNo)] : null;
  const sum = (name) => sumOf(parts.map((part) => part[name]));
  const known = (name) => parts.map((part) => part[name]).filter((value) => value !== null);
  const [starts, ends] = [known("first_active_s"), known("last_active_s")];
  if (!starts.length || !ends.length) throw new ActivityFault("a span moved and does not say when");
  const trip = {
    trip_no: tripNo,
    segment_no: segmentNo,
    started_at_s: starts.reduce(smallest),
    ended_at_s: _endedAtS(ends.reduce(largest), destination),
    origin_site: origin ? origin.site_id : null,
    destination_site: destination ? destination.site_id : null,
    distance_mm: sum("distance_unknown") ? null : floorDivide(sum("distance_ninths_mm"), 9n),
    first_soc_pct: known("first_soc_pct")[0] ?? null,
    last_soc_pct: known("last_soc_pct").at(-1) ?? null,
    finished: destination && destination.site_id !== null ? 1n : 0n,
  };
  for (const [column, ofSpan] of _TRIP_SUMS) trip[column] = sum(ofSpan);
  return trip;
}

/** When a truck was last seen active, no later than when it stood at its destination. */
function _endedAtS(lastActiveS, destination) {
  return destination ? smallest(lastActiveS, destination.started_at_s) : lastActiveS;
}

/**
 * The rounds of one truck in order of time: {round_no, trips, leg_ids, closed}. `services` are those of its legs:
 * {leg_id, trips: [trip_no]}.
 */
function roundsOf(trips, services) {
  const served = services.filter((service) => service.trips.length);
  const placeOf = new Map(trips.map((trip, place) => [trip.trip_no, place]));
  const byLeg = served.map((service) => new Set(service.trips.map((tripNo) => placeOf.get(tripNo))));
  const groups = _withEmptyOnes(_joinedByLegs(_loops(trips), byLeg), byLeg);
  return groups.map(({ members, closed }, at) => ({
    round_no: BigInt(at + 1),
    trips: members.map((place) => trips[place]),
    leg_ids: served.filter((each) => members.includes(placeOf.get(each.trips[0]))).map((each) => each.leg_id),
    closed,
  }));
}

function _byMembers(a, b) {
  for (let at = 0; at < a.members.length && at < b.members.length; at += 1) {
    if (a.members[at] !== b.members[at]) return a.members[at] - b.members[at];
  }
  return a.members.length - b.members.length;
}

function _joinedMembers(groups) {
  return groups.flatMap((group) => group.members).sort((a, b) => a - b);
}

/** Every row of trips that ends where it began, the innermost first; what is left over is open. */
function _loops(trips) {
  const groups = [];
  let path = [];
  trips.forEach((trip, place) => {
    path.push(place);
    const site = trip.destination_site;
    const begun = site === null ? -1 : path.findLastIndex((member) => trips[member].origin_site === site);
    if (begun < 0) return;
    groups.push({ members: path.slice(begun), closed: true });
    path = path.slice(0, begun);
  });
  const rest = [];
  for (const place of path) {
    const last = rest.at(-1);
    if (last && last.members.at(-1) === place - 1) last.members.push(place);
    else rest.push({ members: [place], closed: false });
  }
  return [...groups, ...rest].sort(_byMembers);
}

/** Rounds that one leg runs through become one. */
function _joinedByLegs(groups, byLeg) {
  let joined = groups;
  for (const ofLeg of byLeg) {
    const touched = joined.filter((group) => group.members.some((place) => ofLeg.has(place)));
    if (touched.length < 2) continue;
    const closed = touched.every((group) => group.closed);
    joined = joined.filter((group) => !touched.includes(group));
    joined.push({ members: _joinedMembers(touched), closed });
  }
  return [...joined].sort(_byMembers);
}

/** Empty rounds go to the loaded round before them, or else to the first. */
function _withEmptyOnes(groups, byLeg) {
  const loaded = new Set(byLeg.flatMap((ofLeg) => [...ofLeg]));
  const kept = [];
  let waiting = [];
  for (const group of groups) {
    if (group.members.some((place) => loaded.has(place))) {
      kept.push({ members: _joinedMembers([{ members: waiting }, group]), closed: group.closed });
      waiting = [];
    } else if (kept.length) {
      const last = kept.pop();
      kept.push({ members: _joinedMembers([last, group]), closed: last.closed });
    } else {
      waiting = [...waiting, ...group.members];
    }
  }
  if (kept.length) return kept;
  return waiting.length ? [{ members: waiting, closed: false }] : [];
}
