// Step 13, last: what the statement says of its consignment, its trial and what is not covered is what records give.

/** Refuses `activity.statement`; `groups` have been held by `verifyActivity`. */
function verifyStated(groups, statement) {
  const exact = new Map([...groups].map(([name, records]) => [name, records.map(exactRecord)]));
  const writer = new ChainWriter(new Ledger(exact, CHAIN_REFERENCES_MAX));
  _verifyJourney(writer, statement.consignment.consignment_id);
  const place = firstDifference(_statedByRecords(writer, statement), _statedByItself(statement));
  must(place === null, "activity.statement", "the records do not give what the statement says here", `$${place}`);
}

/** The legs lead, one after the other, from the consignment's origin to its destination. */
function _verifyJourney(writer, id) {
  const consignment = writer.ledger.consignment(id);
  const legs = writer.legs(id);
  const begins = [...legs.map((leg) => leg.origin_site), consignment.destination_site];
  const ends = [consignment.origin_site, ...legs.map((leg) => leg.destination_site)];
  const whole = ends.every((end, at) => end === begins[at]);
  must(whole, "activity.statement", "its legs do not lead from its origin to its destination", `consignment/${id}`);
}

function _statedByRecords(writer, { consignment: { consignment_id: id } }) {
  const consignment = writer.ledger.consignment(id);
  const trial = writer.ledger.head("trial");
  const legs = writer.legs(id);
  return {
    consignment: {
      arrived_at: _wholeSecond(legs.at(-1).arrived_at_ms),
      departed_at: _wholeSecond(legs[0].departed_at_ms),
      destination_site: consignment.destination_site,
      mass_kg: decimalText(consignment.mass_g, 3),
      modes: legs.map((leg) => leg.mode),
      origin_site: consignment.origin_site,
    },
    not_covered: writer.notCovered(id),
    trial: { period_start: _wholeSecond(trial.period_start_ms), trial_id: trial.trial_id },
  };
}

function _statedByItself({ consignment, not_covered: notCovered, trial }) {
  return {
    consignment: {
      arrived_at: instantMsOf(consignment.arrived_at ?? ""),
      departed_at: instantMsOf(consignment.departed_at ?? ""),
      destination_site: consignment.destination_site.site_id,
      mass_kg: consignment.mass_kg,
      modes: consignment.modes,
      origin_site: consignment.origin_site.site_id,
    },
    not_covered: notCovered,
    trial: { period_start: instantMsOf(trial.period_start ?? ""), trial_id: trial.trial_id },
  };
}

/** An instant rounded down to the second [ms, Number]. */
function _wholeSecond(ms) {
  return Number(secondsOf(ms)) * 1000;
}
