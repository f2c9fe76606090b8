// A consignment's transport chain, written from activity records; whole numbers of records are BigInt.

const MEASURED_SOURCE = "telemetry, station meters and tank readings of the trial";
const NOT_COMPUTED_SOURCE = "the hydrogen or the transport activity of this round could not be computed";
const UNSTATED_METHOD_SOURCE = "intensity supplied by the carrier, method not stated";
const UNKNOWN_STATION = "unknown station";
const CHAIN_REFERENCES_MAX = 400_000;
const _HUB_KINDS = ["hub", "port", "rail_terminal"];

/** Writes the chain of a consignment. Refuses `activity.group-missing`, `activity.chain`, `container.limit`. */
class ChainWriter {
  constructor(ledger) {
    this.ledger = ledger;
    this.trucks = new Map();
    this.categories = new Map();
    this.distances = null;
    this.deliveries = new Map();
  }

  write(consignmentId) {
    const legs = this.legs(consignmentId);
    const consignment = this.ledger.consignment(consignmentId);
    const elements = [];
    const categories = Object.create(null);
    this.passHub(legs[0].origin_site, legs[0].departed_day, elements, categories);
    for (const leg of legs) {
      this.ledger.site(leg.origin_site);
      const { name, category } = this.category(leg);
      categories[name] = category;
      elements.push(_transportElement(leg, name));
      this.passHub(leg.destination_site, leg.arrived_day, elements, categories);
    }
    const refs = rowsOf("consignments", [consignment]);
    return {
      format: CHAIN_FORMAT,
      shipment: said({ id: consignmentId, mass_kg: decimalText(consignment.mass_g, 3), refs }),
      elements,
      categories,
      activity_date: legs[0].departed_day,
    };
  }

  /** The consignment's legs in its order. */
  legs(consignmentId) {
    const { row, legs } = this.ledger.consignment(consignmentId);
    this.ledger.head("trial");
    const described = row !== null && legs.length > 0;
    const fault = "no row describes the consignment, or it has no leg";
    must(described, "activity.chain", fault, `consignment/${consignmentId}`);
    return legs.map((legId) => this.ledger.leg(consignmentId, legId));
  }

  /** What the chain does not cover, in the words of the format: of its legs, then of the hubs it passes; each once. */
  notCovered(consignmentId) {
    const legs = this.legs(consignmentId);
    const notes = legs.flatMap((leg) => {
      const round = this.round(leg);
      return [leg.distance_kind ? null : _unsaidDistance(leg), round && !round.closed ? _openRound(leg) : null];
    });
    this.passedHubs(legs).forEach(([siteId, day]) => {
      const found = this.hub(siteId, day);
      if (found && "excluded" in found.category) notes.push(_excludedHub(siteId, day));
    });
    return [...new Map(notes.filter((note) => note).map((note) => [JSON.stringify(note), note])).values()];
  }

  /** Where and on which day the consignment passes what may be a hub. */
  passedHubs(legs) {
    return [[legs[0].origin_site, legs[0].departed_day], ...legs.map((leg) => [leg.destination_site, leg.arrived_day])];
  }

  /** Name and category of the hub at a site on a day, or null; without a complete row it is a stated exclusion. */
  hub(siteId, day) {
    const site = this.ledger.site(siteId);
    if (!_HUB_KINDS.includes(site.site_kind)) return null;
    const row = this.ledger.list(`site/${siteId}`, "hub_operation").find((each) => each.day === day);
    return { name: `hub-${siteId}-${day}`, category: _hubCategory(site, day, row) };
  }

  /** Appends the hub at a site, if it is one. */
  passHub(siteId, day, elements, categories) {
    const found = this.hub(siteId, day);
    if (!found) return;
    categories[found.name] = found.category;
    elements.push({ kind: "hub", id: `H${elements.length + 1}-${siteId}`, category: found.name });
  }

  /** The round that serves a leg, or null. */
  round(leg) {
    return leg.truck === null ? null : (this.truck(`truck/${leg.truck}`).rounds.get(leg.leg_id) ?? null);
  }

  category(leg) {
    const round = this.round(leg);
    if (!round) return _otherCategory(leg);
    const truck = this.truck(`truck/${leg.truck}`);
    const name = `hydrogen-truck-${_truckNumber(leg.truck)}-round-${round.round_no}`;
    const key = `${leg.truck} ${round.round_no}`;
    if (!this.categories.has(key)) this.categories.set(key, this.truckCategory(truck, round));
    return { name, category: this.categories.get(key) };
  }

  /** A truck's records with its hydrogen by trip and its rounds by the legs they served. */
  truck(group) {
    if (!this.trucks.has(group)) {
      const records = readTruck(this.ledger, group);
      const rounds = roundsOf(records.trips, records.services);
      this.trucks.set(group, {
        records,
        hydrogen: tripHydrogen(records.trips, records.spans, records.hydrogen),
        rounds: new Map(rounds.flatMap((round) => round.leg_ids.map((legId) => [legId, round]))),
      });
    }
    return this.trucks.get(group);
  }

  truckCategory({ records, hydrogen }, round) {
    const legs = records.legs.filter((leg) => round.leg_ids.includes(leg.leg_id));
    const activities = new Map(legs.map((leg) => [leg.leg_id, this.activity(leg)]));
    const operation = operationOf(round, records, hydrogen, (legId) => activities.get(legId) ?? null);
    const sites = new Set(round.trips.flatMap((trip) => [trip.origin_site, trip.destination_site]));
    sites.delete(null);
    const stations = new Set([...sites].filter((site) => this.ledger.site(site).site_kind === _STATION_KIND));
    const shared = legs.filter((leg) => activities.get(leg.leg_id) !== null);
    const refs = this.roundRows(records, shared);
    if (operation.activity === null) {
      return { kind: "transport", data: "primary", source: NOT_COMPUTED_SOURCE, intensity: { per: "tkm" }, refs };
    }
    const activity = decimalText(operation.activity, 9);
    const energy = this.energies(operation.origins);
    const comparison = this.comparison(records, round, operation, activity, stations);
    return said({
      kind: "transport",
      data: "primary",
      source: MEASURED_SOURCE,
      energy,
      transport_activity_tkm: activity,
      comparison,
      refs,
    });
  }

  /** A leg's transport activity [g m], or null where its mass or distance is not known. */
  activity(leg) {
    const mass = this.ledger.consignment(leg.consignment_id).mass_g;
    return mass === null || leg.transport_distance_m === null ? null : mass * leg.transport_distance_m;
  }

  /** The rows of a round: its truck's, and those whose mass and distance make the activity it is shared by. */
  roundRows(records, shared) {
    const owners = [...new Set(shared.map((leg) => leg.consignment_id))].map((owner) => this.ledger.consignment(owner));
    return this.ledger.refer([
      ...rowsOf("vehicles", [records.head]),
      ...rowsOf("tank_opening", this.ledger.list(records.group, "tank_opening")),
      ...rowsOf("refuellings", records.fills),
      ...rowsOf("legs", shared),
      ...rowsOf("consignments", owners.sort(byKeys((owner) => owner.row))),
    ]);
  }

  comparison(records, round, operation, activity, stations) {
    this.distances ??= distancesByPair(this.ledger);
    const distance = baselineDistanceMm(round.trips, operation.loaded, this.distances, stations);
    return said({
      diesel_l_per_100km: records.head.comparable_diesel_l_per_100km,
      source: records.head.comparable_diesel_source,
      date: records.head.comparable_diesel_date,
      method: records.head.comparable_diesel_method,
      payload_t: records.head.comparable_diesel_payload_t,
      profile: records.head.comparable_diesel_profile,
      baseline_distance_km: distance === null ? null : decimalText(distance, 6),
      transport_activity_tkm: activity,
    });
  }

  /** An energy entry for every origin; what was on board before the period is spread over its batch's stations. */
  energies(origins) {
    const bySupply = new Map();
    let unknown = 0n;
    for (const [origin, mass] of origins) {
      const [batch, station] = _partsOfOrigin(origin);
      if (!batch || this.ledger.head(`batch/${batch}`).row === null) {
        unknown += mass;
        continue;
      }
      for (const [where, part] of station ? [[station, mass]] : this.spread(batch, mass)) {
        const key = JSON.stringify([batch, where]);
        const entry = bySupply.get(key) ?? { batch, station: where, mass: 0n };
        bySupply.set(key, { ...entry, mass: entry.mass + part });
      }
    }
    const inOrder = [...bySupply.values()].sort(byKeys((each) => each.batch, (each) => each.station));
    const entries = inOrder
      .filter(({ mass }) => mass)
      .map(({ batch, station, mass }) => ({ ..._hydrogen(mass), supply: this.supply(batch, station) }));
    return unknown ? [...entries, { ..._hydrogen(unknown), origin: "unknown" }] : entries;
  }

  spread(batch, mass) {
    const delivered = new Map();
    for (const each of this.ledger.list(`batch/${batch}`, "batch_delivery")) {
      addToMix(delivered, each.station_id, each.mass_mg);
    }
    for (const station of delivered.keys()) this.ledger.site(station);
    const masses = [...delivered.values()];
    if (!sumOf(masses)) return [[UNKNOWN_STATION, mass]];
    const parts = allocate(mass, masses);
    return [...delivered.keys()].map((station, at) => [station, parts[at]]);
  }

  /** The records of a kind at a station; none at the station that stands for no station. */
  atStation(stationId, kind) {
    return stationId === UNKNOWN_STATION ? [] : this.ledger.list(`site/${stationId}`, kind);
  }

  deliveriesOf(stationId, batchId) {
    if (!this.deliveries.has(stationId)) {
      const byBatch = new Map();
      for (const each of this.atStation(stationId, "delivery")) {
        if (!byBatch.has(each.batch_id)) byBatch.set(each.batch_id, []);
        byBatch.get(each.batch_id).push(each);
      }
      this.deliveries.set(stationId, byBatch);
    }
    return this.deliveries.get(stationId).get(batchId) ?? [];
  }

  /** What it took to bring a batch's hydrogen to the nozzles of a station, over the period. */
  supply(batchId, stationId) {
    const batch = this.ledger.head(`batch/${batchId}`);
    const deliveries = this.deliveriesOf(stationId, batchId);
    const energy = this.atStation(stationId, "station_energy");
    const stock = this.atStation(stationId, "station_stock");
    const fills = this.atStation(stationId, "station_fill");
    const refs = this.ledger.refer([
      ...rowsOf("hydrogen_batches", [batch]),
      ...rowsOf("hydrogen_deliveries", deliveries),
      ...rowsOf("station_energy", energy),
      ...rowsOf("station_stock", stock),
      ...rowsOf("refuellings", fills),
    ]);
    return said({
      batch: batchId,
      station: stationId,
      gate_kgco2e_per_kg: batch.intensity_kgco2e_per_kg,
      delivered_kg: _totalText(deliveries, "mass_mg", 6),
      trailer_diesel_l: _totalText(deliveries, "trailer_diesel_ml", 3),
      trailer_compression_kwh: _totalText(deliveries, "trailer_compression_wh", 3),
      trailer_grid_region: batch.site_grid_region,
      station_dispensed_kg: _totalText(fills, "mass_mg", 6),
      station_vented_kg: _totalText(stock, "vented_mg", 6),
      station_electricity_kwh: _totalText(energy, "electricity_wh", 3),
      station_grid_region: energy.find((entry) => entry.grid_region)?.grid_region ?? null,
      refs,
    });
  }
}

function _unsaidDistance({ leg_id: id }) {
  return {
    en: `leg ${id} does not say what kind of transport distance it gives; read as shortest feasible`,
    zh: `运段 ${id} 未说明运输距离的种类，按最短可行距离读取`,
  };
}

function _openRound({ leg_id: id }) {
  return {
    en: `empty running not covered: the truck of leg ${id} has no complete round trip in the data`,
    zh: `空驶未全部涵盖：数据中没有运段 ${id} 车辆的完整往返`,
  };
}

function _excludedHub(siteId, day) {
  return { en: `hub ${siteId} has no operations on ${day}`, zh: `枢纽 ${siteId} 当日（${day}）无作业数据` };
}

function _truckNumber(truck) {
  return truck.startsWith("truck-") ? truck.slice("truck-".length) : truck;
}

/** Batch and station of an origin `batch@station`. */
function _partsOfOrigin(origin) {
  const at = origin.indexOf("@");
  return at < 0 ? [origin, ""] : [origin.slice(0, at), origin.slice(at + 1)];
}

function _hydrogen(mass) {
  return { carrier: "hydrogen", amount: decimalText(mass, 6), unit: "kg" };
}

/** A sum as text, or null when there is nothing to add or a value is missing. */
function _totalText(records, name, places) {
  const values = records.map((record) => record[name]);
  return values.length && !values.includes(null) ? decimalText(sumOf(values), places) : null;
}

function _transportElement(leg, category) {
  const metres = leg.transport_distance_m;
  const distance = said({
    kind: leg.distance_kind === "gcd" ? "gcd" : "sfd",
    km: metres === null ? null : decimalText(metres, 3),
    source: leg.distance_source,
  });
  return { kind: "transport", id: leg.leg_id, mode: leg.mode, category, distance, refs: rowsOf("legs", [leg]) };
}

function _otherCategory(leg) {
  const intensity = said({
    per: "tkm",
    wtw_kgco2e: leg.intensity_wtw_kgco2e_per_tkm,
    ttw_kgco2e: leg.intensity_ttw_kgco2e_per_tkm,
  });
  const category = {
    kind: "transport",
    data: leg.intensity_method ? "modelled" : "default",
    source: leg.intensity_method || UNSTATED_METHOD_SOURCE,
    intensity,
    refs: rowsOf("legs", [leg]),
  };
  return { name: `leg-${leg.leg_id}`, category };
}

function _hubCategory(site, day, row) {
  const head = { kind: "hub", data: "primary", source: "hub_operations.csv" };
  if (!row || !row.throughput_kg || row.electricity_wh === null || row.diesel_ml === null) {
    return { ...head, excluded: `no operations of ${site.site_id} on ${day}` };
  }
  const refs = rowsOf("hub_operations", [row]);
  const electricity = said({
    carrier: "electricity",
    amount: decimalText(row.electricity_wh, 3),
    unit: "kWh",
    grid_region: site.grid_region,
    refs,
  });
  const diesel = { carrier: "diesel", amount: decimalText(row.diesel_ml, 3), unit: "l", refs };
  return { ...head, throughput_t: decimalText(row.throughput_kg, 3), energy: [electricity, diesel], refs };
}
