// What one record says and another says too must agree: so one that was changed alone is noticed even where no sum
// runs over it.

/** Refuses `activity.trips`: spans, sums and services that do not follow from stands and windows. */
function verifyCut(truck) {
  const { group, stands, windows, spans } = truck;
  must(_standsInOrder(stands), "activity.trips", "the stands are not in order of time", group);
  const ends = windows.length && { first_at_s: windows[0].from_s + 1n, last_at_s: windows.at(-1).to_s };
  const expected = ends ? cutSpans(ends, stands, windows) : [];
  const same = (span, at) => Object.entries(span).every(([name, value]) => spans[at][name] === value);
  const cut = expected.length === spans.length && expected.every(same);
  must(cut, "activity.trips", "the spans are not those between the stands and windows", group);
  for (const span of spans) {
    const fault = _sumsFault(span);
    must(fault === null, "activity.trips", fault, `${group} span ${span.span_no}`);
  }
  const served = truck.services.map((service) => service.leg_id);
  const asked = truck.legs.length === served.length && truck.legs.every((leg, at) => leg.leg_id === served[at]);
  must(asked, "activity.trips", "expected one service a leg, in order", group);
  for (const service of truck.services) {
    const fault = _serviceFault(service, truck);
    must(fault === null, "activity.trips", fault, `${group} leg ${service.leg_id}`);
  }
}

function _standsInOrder(stands) {
  const order = byKeys((stand) => stand.split_at_s, (stand) => stand.started_at_s);
  const follow = stands.every((stand, at) => at === 0 || order(stands[at - 1], stand) <= 0);
  return follow && stands.every((stand) => stand.started_at_s <= stand.ended_at_s);
}

function _sumsFault(span) {
  const [first, last, begun, ended] = [span.first_at_s, span.last_at_s, span.first_active_s, span.last_active_s];
  const isEmpty = span.readings === 0n;
  if ((first === null) !== isEmpty || (last === null) !== isEmpty || (begun === null) !== (ended === null)) {
    return "readings and their first and last instants do not agree";
  }
  if (!isEmpty && !(span.from_s < first && first <= last && last <= span.to_s)) return "its readings lie outside it";
  if (begun !== null && (isEmpty || !(first <= begun && begun <= ended && ended <= last))) {
    return "it was active when it had no readings";
  }
  const moved = span.moving_readings;
  if (moved > span.readings || (moved > 0n && begun === null)) return "it moved and was never active";
  return null;
}

/** Why no truck with these stands can have served a leg with these trips, or null. */
function _serviceFault(service, truck) {
  const { stands, trips } = truck;
  if ((service.fault === null) !== service.trips.length > 0) return "a leg has trips or says why not";
  if (!service.trips.length) return null;
  const start = trips.findIndex((trip) => trip.trip_no === service.trips[0]);
  const end = start + service.trips.length;
  const follow = service.trips.every((tripNo, at) => trips[start + at]?.trip_no === tripNo);
  if (start < 0 || !follow) return "its trips do not follow each other";
  const segment = (at) => trips[at].segment_no;
  const before = start ? segment(start - 1) : 0n;
  const after = end < trips.length ? segment(end) : BigInt(stands.length);
  const leg = truck.legs.findLast((each) => each.leg_id === service.leg_id);
  const isNear = (instant, ms) => distanceBetween(instant, secondsOf(ms)) <= LEG_SLACK_S;
  const left = stands.some((stand, at) => {
    return isNear(stand.ended_at_s, leg.departed_at_ms) && before <= at && at < segment(start);
  });
  const came = stands.some((stand, at) => {
    return isNear(stand.started_at_s, leg.arrived_at_ms) && segment(end - 1) <= at && at < after;
  });
  return left && came ? null : "its truck did not stand before and after these trips when the leg says";
}

/** Refuses `activity.hydrogen`: windows that do not follow each other, or whose fills are not those of the records. */
function verifyWindows(truck) {
  const { group, windows } = truck;
  windows.forEach((window, at) => {
    const follows = at === 0 || _followsWindow(windows[at - 1], window);
    must(follows, "activity.hydrogen", `window ${window.window_no} does not follow the one before it`, group);
  });
  const fills = new Map(truck.fills.map((fill) => [fill.refuelling_id, fill]));
  const seen = new Set();
  for (const window of windows) {
    const fault = _windowFault(window, fills, seen);
    must(fault === null, "activity.hydrogen", fault, `${group} window ${window.window_no}`);
  }
}

function _sameLook(a, b) {
  return a !== null && b !== null && a.at_s === b.at_s && a.mass_mg === b.mass_mg;
}

function _followsWindow(earlier, later) {
  const before = later.fill === null ? null : later.fill.before;
  if (!_sameLook(before, later.tank_start) || !_sameLook(before, earlier.tank_end)) return false;
  return later.from_s === earlier.to_s && later.from_s === largest(before.at_s, earlier.from_s);
}

function _windowFault(window, fills, seen) {
  const { fill, unseen } = window;
  if (fill !== null) {
    if (window.window_no === 0n || fill.before === null) {
      return "the first window has no fill, and a fill has a look into the tank before it";
    }
    const booked = fill.refuelling_ids.length ? fill.booked_mg : null;
    if (fill.agreement !== agreementOf(booked, fill.rise_mg)) {
      return "what its fill booked and the rise it saw do not agree as it says";
    }
  }
  const isUnseen = (each) =>
    each.agreement === "unseen" &&
    each.before === null &&
    each.rise_mg === null &&
    each.refuelling_ids.length > 0 &&
    window.from_s < each.started_at_s &&
    each.started_at_s <= window.to_s;
  if (!unseen.every(isUnseen)) return "an unseen fill lies outside it, or was seen";
  for (const each of fill === null ? unseen : [fill, ...unseen]) {
    const fault = _fillFault(each, fills, seen);
    if (fault !== null) return fault;
  }
  return null;
}

function _fillFault(fill, fills, seen) {
  for (const name of fill.refuelling_ids) {
    if (!fills.has(name) || seen.has(name)) return "it has a fill that is not booked, or twice";
    seen.add(name);
  }
  const booked = fill.refuelling_ids.map((name) => fills.get(name));
  if (!booked.length) return fill.booked_mg === 0n ? null : "it has booked mass without a fill";
  const same =
    fill.booked_mg === sumOf(booked.map((each) => each.mass_mg)) &&
    fill.started_at_s === booked.map((each) => secondsOf(each.started_at_ms)).reduce(smallest) &&
    fill.ended_at_s === booked.map((each) => secondsOf(each.ended_at_ms)).reduce(largest);
  return same ? null : "its fill is not the sum of those booked";
}

/** A text that two lists of values share only when they are equal. */
function _keyOf(...values) {
  return JSON.stringify(values.map(String));
}

/** Refuses `activity.hydrogen`: fills of a truck that its stations do not have. */
function verifyStations(ledger, truck) {
  const key = (fill) => _keyOf(fill.refuelling_id, fill.started_at_ms, fill.mass_mg, fill.row);
  const stations = [...new Set(truck.fills.map((fill) => fill.station_id))].sort(compareTexts);
  for (const station of stations) {
    const booked = new Set(ledger.list(`site/${station}`, "station_fill").map(key));
    for (const fill of truck.fills) {
      const has = fill.station_id !== station || booked.has(key(fill));
      const fault = `the station has no fill ${fill.refuelling_id} as the truck has it`;
      must(has, "activity.hydrogen", fault, `site/${station}`);
    }
  }
}

/** Refuses `activity.hydrogen`: batches and stations that name different deliveries, among the groups asked for. */
function verifyDeliveries(ledger) {
  const stations = ledger.listAsked("site/").map((name) => name.slice("site/".length));
  const batches = ledger.listAsked("batch/").map((name) => name.slice("batch/".length));
  const [knownStations, knownBatches] = [new Set(stations), new Set(batches)];
  const key = (station, batch, record) => _keyOf(station, batch, record.row, record.mass_mg);
  const ofStation = (station) =>
    ledger
      .list(`site/${station}`, "delivery")
      .filter((record) => knownBatches.has(record.batch_id))
      .map((record) => key(station, record.batch_id, record));
  const ofBatch = (batch) =>
    ledger
      .list(`batch/${batch}`, "batch_delivery")
      .filter((record) => knownStations.has(record.station_id))
      .map((record) => key(record.station_id, batch, record));
  const [byStation, byBatch] = [new Set(stations.flatMap(ofStation)), new Set(batches.flatMap(ofBatch))];
  const same = byStation.size === byBatch.size && [...byStation].every((each) => byBatch.has(each));
  must(same, "activity.hydrogen", "batch and station do not name the same deliveries", "batch");
}

/** Refuses `activity.chain`: consignments and their legs, regions of batches, distances that do not agree. */
function verifyPapersAgree(ledger, trucks) {
  const consignments = ledger.listAsked("consignment/").map((name) => ledger.head(name));
  const own = ledger.listAsked("consignment/").flatMap((name) => ledger.list(name, "leg"));
  const legs = [...own, ...trucks.flatMap((truck) => truck.legs)];
  for (const { consignment_id: id, legs: listed } of consignments) {
    const mine = legs.filter((leg) => leg.consignment_id === id).sort(byKeys((leg) => leg.sequence, (leg) => leg.row));
    const chosen = new Set(mine.map((leg) => leg.leg_id));
    const known = listed.filter((legId) => chosen.has(legId));
    const same = known.length === mine.length && mine.every((leg, at) => leg.leg_id === known[at]);
    const once = new Set(listed).size === listed.length;
    must(same && once, "activity.chain", "the legs are not those listed, in order", `consignment/${id}`);
  }
  for (const name of ledger.listAsked("batch/")) {
    const batch = ledger.head(name);
    if (!ledger.asked.has(`site/${batch.site_id}`)) continue;
    const same = ledger.site(batch.site_id).grid_region === batch.site_grid_region;
    must(same, "activity.chain", "its site has another grid region", name);
  }
  _verifyDistances(ledger, legs, trucks);
}

/** Refuses distances above those of the legs and trips. */
function _verifyDistances(ledger, legs, trucks) {
  const distances = distancesByPair(ledger);
  const check = (name, ends, length) => {
    const least = distances.get(pairKey(ends.origin_site, ends.destination_site))?.[name] ?? null;
    const fault = `${name} between ${ends.origin_site} and ${ends.destination_site} is too large or not there`;
    must(least !== null && least <= length, "activity.chain", fault, "distances");
  };
  for (const leg of legs) {
    if (leg.mode !== "road" || leg.transport_distance_m === null) continue;
    check("transport_mm", leg, leg.transport_distance_m * 1000n);
  }
  for (const trip of trucks.flatMap((truck) => truck.trips)) {
    const known = trip.origin_site && trip.destination_site && trip.distance_mm !== null;
    if (known) check("driven_mm", trip, trip.distance_mm);
  }
}
