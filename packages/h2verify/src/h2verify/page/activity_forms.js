// The form of every activity record: its fields and its closed classes.

const _RECORD_TEXT_MAX = 4_096;
const _SECONDS_MAX = 2 ** 40;

const _recordText = (value, place) =>
  typeof value === "string" && (value.length <= _RECORD_TEXT_MAX || lengthOf(value) <= _RECORD_TEXT_MAX) ? null : place;
const _anyWhole = (value, place) => (typeof value === "number" ? null : place);
const _seconds = (value, place) => (typeof value === "number" && Math.abs(value) <= _SECONDS_MAX ? null : place);
const _flag = (value, place) => (typeof value === "boolean" ? null : place);
const _recordDay = (value, place) => (isDay(value) ? null : place);
const _words = maybe(_recordText);
const _amount = maybe(WHOLE);
// Rows count from 1: a record of row 0, the header, would be held against nothing.
const _row = (value, place) => (typeof value === "number" && value >= 1 ? null : place);
const _maybeRow = maybe(_row);
const _maybeWhole = maybe(_anyWhole);
const _maybeSeconds = maybe(_seconds);
const _manyOf = (form) => listOf(form, Infinity);
const _look = maybe(objectOf({ at_s: _seconds, mass_mg: WHOLE }));
const _fillForm = objectOf({
  started_at_s: _seconds,
  ended_at_s: _seconds,
  refuelling_ids: _manyOf(_recordText),
  booked_mg: WHOLE,
  rise_mg: _maybeWhole,
  before: _look,
  agreement: oneOf("confirmed", "differs", "unseen", "without_record"),
});
const _originMass = (value, place) =>
  Array.isArray(value) && value.length === 2 && !_recordText(value[0], place) && !WHOLE(value[1], place) ? null : place;
const _twoSites = (value, place) =>
  Array.isArray(value) && value.length === 2 && !_manyOf(_recordText)(value, place) && compareTexts(...value) <= 0
    ? null
    : place;

/** The fields of a kind of record: one form for all names of a line. */
function _fields(...lines) {
  return Object.fromEntries(lines.flatMap(([form, names]) => names.split(" ").map((name) => [name, form])));
}

const RECORD_FIELDS = new Map([
  ["trial", _fields([_recordText, "trial_id"], [_anyWhole, "period_start_ms"])],
  [
    "consignment",
    _fields(
      [_recordText, "consignment_id"],
      [_amount, "mass_g"],
      [_maybeRow, "row"],
      [_words, "origin_site destination_site"],
      [_manyOf(_recordText), "legs"],
    ),
  ],
  [
    "leg",
    _fields(
      [_recordText, "leg_id consignment_id mode origin_site destination_site"],
      [_anyWhole, "sequence departed_at_ms arrived_at_ms"],
      [_recordDay, "departed_day arrived_day"],
      [_words, "truck distance_kind distance_source intensity_method"],
      [_words, "intensity_wtw_kgco2e_per_tkm intensity_ttw_kgco2e_per_tkm"],
      [_amount, "transport_distance_m"],
      [_row, "row"],
    ),
  ],
  [
    "truck",
    _fields(
      [_recordText, "truck"],
      [oneOf(2016, 2025), "edition"],
      [_amount, "stack_count cells_per_stack tank_volume_ml battery_capacity_wh"],
      [_words, "comparable_diesel_l_per_100km comparable_diesel_source comparable_diesel_method"],
      [_words, "comparable_diesel_payload_t comparable_diesel_profile"],
      [maybe(_recordDay), "comparable_diesel_date"],
      [_row, "row"],
    ),
  ],
  ["tank_opening", _fields([_anyWhole, "at_ms"], [WHOLE, "mass_mg"], [_row, "row"], [_words, "batch_id"])],
  [
    "fill",
    _fields(
      [_recordText, "refuelling_id station_id"],
      [_anyWhole, "started_at_ms ended_at_ms"],
      [WHOLE, "mass_mg"],
      [_row, "row"],
    ),
  ],
  [
    "stand",
    _fields([_seconds, "started_at_s ended_at_s split_at_s"], [_words, "site_id"], [_flag, "open_ended"]),
  ],
  [
    "window",
    _fields(
      [WHOLE, "window_no"],
      [_seconds, "from_s to_s"],
      [maybe(_fillForm), "fill"],
      [_look, "tank_start tank_end"],
      [_manyOf(_fillForm), "unseen"],
    ),
  ],
  [
    "span",
    _fields(
      [WHOLE, "span_no segment_no window_no readings moving_readings distance_ninths_mm distance_unknown"],
      [WHOLE, "charge_twice unobserved_s unobserved_ninths_mm"],
      [_anyWhole, "energy_twice"],
      [_seconds, "from_s to_s"],
      [_maybeSeconds, "first_at_s last_at_s first_active_s last_active_s"],
      [_maybeWhole, "first_soc_pct last_soc_pct"],
    ),
  ],
  [
    "service",
    _fields(
      [_recordText, "leg_id"],
      [_manyOf(WHOLE), "trips"],
      [maybe(oneOf("elsewhere-at-arrival", "elsewhere-at-departure", "no-data", "not-moving")), "fault"],
    ),
  ],
  [
    "trip",
    _fields(
      [WHOLE, "trip_no segment_no stack_charge_twice unobserved_s readings"],
      [_seconds, "started_at_s ended_at_s"],
      [_words, "origin_site destination_site"],
      [_amount, "distance_mm"],
      [_anyWhole, "stack_energy_twice"],
      [_maybeWhole, "first_soc_pct last_soc_pct"],
      [oneOf(0, 1), "finished"],
    ),
  ],
  ["span_hydrogen", _fields([WHOLE, "span_no used_mg"], [_manyOf(_originMass), "by_origin"])],
  ["site", _fields([_recordText, "site_id"], [_words, "site_kind grid_region"], [_maybeRow, "row"])],
  [
    "hub_operation",
    _fields([_recordDay, "day"], [_amount, "throughput_kg electricity_wh diesel_ml"], [_row, "row"]),
  ],
  [
    "delivery",
    _fields(
      [_recordText, "delivery_id batch_id"],
      [_anyWhole, "delivered_at_ms"],
      [WHOLE, "mass_mg"],
      [_row, "row"],
      [_amount, "trailer_diesel_ml trailer_compression_wh"],
    ),
  ],
  [
    "station_energy",
    _fields([_recordDay, "day"], [_amount, "electricity_wh"], [_words, "grid_region"], [_row, "row"]),
  ],
  ["station_stock", _fields([_recordDay, "day"], [_amount, "opening_mg vented_mg"], [_row, "row"])],
  [
    "station_fill",
    _fields([_recordText, "refuelling_id"], [_anyWhole, "started_at_ms"], [WHOLE, "mass_mg"], [_row, "row"]),
  ],
  [
    "batch",
    _fields(
      [_recordText, "batch_id"],
      [_words, "site_id site_grid_region pathway intensity_kgco2e_per_kg"],
      [_maybeRow, "row"],
    ),
  ],
  ["batch_delivery", _fields([_recordText, "station_id"], [WHOLE, "mass_mg"], [_row, "row"])],
  ["distance", _fields([_twoSites, "sites"], [_amount, "transport_mm driven_mm straight_mm"])],
]);

const CLOSED_CLASSES = new Map([
  ["consignment", ["party"]],
  ["truck", ["identity", "party"]],
  ["stand", ["position"]],
  ["site", ["position"]],
]);

/** A record whose whole numbers are BigInt all through, so that arithmetic with them is exact. */
function exactRecord(value) {
  if (typeof value === "number") return BigInt(value);
  if (Array.isArray(value)) return value.map(exactRecord);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, exactRecord(part)]));
}
