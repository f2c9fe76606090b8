// The road operations of a truck: rounds with their hydrogen by origin and the transport activity they served, and
// what a diesel truck would have driven in their place.

const _STATION_KIND = "station";

/** One key for two sites, either way. */
function pairKey(a, b) {
  return JSON.stringify([a, b].sort(compareTexts));
}

/** The records `distance` by pair of sites. */
function distancesByPair(ledger) {
  return new Map(ledger.list("distances", "distance").map((record) => [pairKey(...record.sites), record]));
}

/** One truck's hydrogen by trip number: {mass, origins}; mass null where a stretch of the trip has no figure. */
function tripHydrogen(trips, spans, hydrogen) {
  const bySegment = new Map(trips.map((trip) => [trip.segment_no, trip.trip_no]));
  const figures = new Map(hydrogen.map((each) => [each.span_no, each]));
  const found = new Map(trips.map((trip) => [trip.trip_no, { mass: 0n, origins: new Map() }]));
  for (const span of spans) {
    const trip = found.get(bySegment.get(span.segment_no) ?? _nearestTrip(span.segment_no, bySegment));
    if (trip === undefined) continue;
    const figure = figures.get(span.span_no);
    trip.mass = figure === undefined || trip.mass === null ? null : trip.mass + figure.used_mg;
    for (const [origin, mass] of figure?.by_origin ?? []) addToMix(trip.origins, origin, mass);
  }
  return found;
}

/** Hydrogen used while a truck never moved belongs to the trip before it, or to the first one. */
function _nearestTrip(segmentNo, bySegment) {
  const numbers = [...bySegment.keys()];
  if (!numbers.length) return null;
  const before = numbers.filter((number) => number < segmentNo);
  return bySegment.get(before.length ? before.reduce(largest) : numbers.reduce(smallest));
}

/**
 * The operation of a round: its trips' hydrogen by origin in order, its activity [g m] or null where it cannot be
 * computed, and the trips that were loaded. `activityOf` gives a leg's activity or null.
 */
function operationOf(round, truck, hydrogen, activityOf) {
  const parts = round.trips.map((trip) => hydrogen.get(trip.trip_no));
  const activities = round.leg_ids.map(activityOf);
  const served = new Map(truck.services.map((service) => [service.leg_id, service.trips]));
  const known = parts.every((part) => part.mass !== null) && parts.some((part) => part.mass);
  const activity = activities.includes(null) ? 0n : sumOf(activities);
  const origins = new Map();
  for (const part of parts) for (const [origin, mass] of part.origins) addToMix(origins, origin, mass);
  return {
    origins: [...origins].sort(byKeys(([origin]) => origin)),
    activity: known && activity > 0n ? activity : null,
    loaded: new Set(round.leg_ids.flatMap((legId) => served.get(legId))),
  };
}

/** What the diesel truck would have driven for a round's trips [mm], or null; `stations` are site ids. */
function baselineDistanceMm(trips, loaded, distances, stations) {
  const lengths = _baselineRuns(trips, loaded, stations).map((run) => _baselineLength(run, distances, stations));
  return lengths.includes(null) ? null : sumOf(lengths);
}

/** Empty trips that meet at a station joined, so that a fill on the way does not make two runs of one. */
function _baselineRuns(trips, loaded, stations) {
  const runs = [];
  for (const trip of trips) {
    const empty = !loaded.has(trip.trip_no);
    const run = {
      origin: trip.origin_site,
      destination: trip.destination_site,
      driven: trip.distance_mm,
      byStation: empty && (stations.has(trip.origin_site) || stations.has(trip.destination_site)),
    };
    const previous = runs.at(-1);
    if (empty && previous?.byStation && stations.has(previous.destination)) {
      previous.destination = run.destination;
      previous.driven = previous.driven === null || run.driven === null ? null : previous.driven + run.driven;
    } else runs.push(run);
  }
  return runs;
}

function _baselineLength(run, distances, stations) {
  const { origin, destination } = run;
  const elsewhere = origin !== null && destination !== null && origin !== destination;
  if (run.byStation && (!elsewhere || stations.has(origin) || stations.has(destination))) return 0n;
  if (origin && destination && origin !== destination) {
    const known = distances.get(pairKey(origin, destination));
    if ((known?.transport_mm ?? null) !== null) return known.transport_mm;
    if (run.byStation) {
      const shortest = known?.driven_mm ?? known?.straight_mm ?? null;
      const fault = `no distance between ${origin} and ${destination}, which the baseline asks for`;
      must(shortest !== null, "activity.chain", fault, "distances");
      return shortest;
    }
  }
  return run.driven;
}
