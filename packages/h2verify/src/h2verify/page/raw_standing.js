// Which rows of a trial's tables stand: those a platform could use, and so those no record may leave out.

const _MOST = Decimal.of("999999999999");

/** Cells from words, by name: `name` or `name!` (must say something); `low` is the least number they may say. */
function _tableCells(kind, words, { places = 0, low = kind === "quantity" ? "0" : null } = {}) {
  return words.split(" ").map((word) => {
    const required = word.endsWith("!");
    return { name: word.replace("!", ""), kind, places, required, low: low === null ? null : Decimal.of(low) };
  });
}

const _namesASite = (name) => [[name, "sites.csv"]];

/** By file: its cells, keys that no two rows share, spans of two instants, and the file that a cell names. */
const TABLES = new Map([
  [
    "consignments.csv",
    {
      cells: [
        ..._tableCells("text", "consignment_id! document_no shipper_id consignee_id goods hs_code mass_method"),
        ..._tableCells("text", "weighbridge_ticket origin_site destination_site container_no seal_no declaration_no"),
        ..._tableCells("quantity", "mass_kg!", { places: 3, low: "0.001" }),
        ..._tableCells("quantity", "container_tare_kg"),
      ],
      keys: [["consignment_id"]],
    },
  ],
  [
    "hub_operations.csv",
    {
      cells: [
        ..._tableCells("text", "site_id!"),
        ..._tableCells("day", "day!"),
        ..._tableCells("quantity", "throughput_t electricity_kwh diesel_l", { places: 3 }),
      ],
      keys: [["site_id", "day"]],
      names: _namesASite("site_id"),
    },
  ],
  [
    "hydrogen_batches.csv",
    {
      cells: [
        ..._tableCells("text", "batch_id! producer_id site_id pathway feedstock intensity_method allocation prior_use"),
        ..._tableCells("text", "custody certificate_id quality_certificate electricity_certificate_ids other_claims"),
        ..._tableCells("instant", "produced_from! produced_to! certificate_valid_until"),
        ..._tableCells("quantity", "mass_kg!", { places: 6, low: "0.000001" }),
        ..._tableCells("number", "intensity_kgco2e_per_kg"),
      ],
      keys: [["batch_id"]],
      spans: [["produced_from", "produced_to"]],
    },
  ],
  [
    "hydrogen_deliveries.csv",
    {
      cells: [
        ..._tableCells("text", "delivery_id! batch_id station_id! trailer_id"),
        ..._tableCells("instant", "delivered_at!"),
        ..._tableCells("quantity", "mass_kg!", { places: 6, low: "0.000001" }),
        ..._tableCells("quantity", "returned_heel_kg", { places: 6 }),
        ..._tableCells("quantity", "trailer_distance_km trailer_diesel_l trailer_compression_kwh", { places: 3 }),
      ],
      keys: [["delivery_id"]],
      names: _namesASite("station_id"),
    },
  ],
  [
    "legs.csv",
    {
      cells: [
        ..._tableCells("text", "leg_id! consignment_id! mode! vin origin_site! destination_site!"),
        ..._tableCells("text", "distance_kind distance_source intensity_method"),
        ..._tableCells("quantity", "sequence!"),
        ..._tableCells("instant", "departed_at! arrived_at!"),
        ..._tableCells("quantity", "transport_distance_km", { places: 3 }),
        ..._tableCells("number", "intensity_wtw_kgco2e_per_tkm intensity_ttw_kgco2e_per_tkm", { low: "0" }),
      ],
      keys: [["leg_id"], ["consignment_id", "sequence"]],
      spans: [["departed_at", "arrived_at"]],
      names: [["consignment_id", "consignments.csv"]],
    },
  ],
  [
    "refuellings.csv",
    {
      cells: [
        ..._tableCells("text", "refuelling_id! station_id! meter_id vin!"),
        ..._tableCells("instant", "started_at! ended_at!"),
        ..._tableCells("quantity", "mass_kg! meter_start_kg meter_end_kg", { places: 6 }),
        ..._tableCells("quantity", "pressure_start_mpa pressure_end_mpa", { places: 3 }),
      ],
      keys: [["refuelling_id"]],
      spans: [["started_at", "ended_at"]],
    },
  ],
  [
    "station_energy.csv",
    {
      cells: [
        ..._tableCells("text", "station_id! grid_region"),
        ..._tableCells("day", "day!"),
        ..._tableCells("quantity", "electricity_kwh", { places: 3 }),
      ],
      keys: [["station_id", "day"]],
      names: _namesASite("station_id"),
    },
  ],
  [
    "station_stock.csv",
    {
      cells: [
        ..._tableCells("text", "station_id!"),
        ..._tableCells("day", "day!"),
        ..._tableCells("quantity", "opening_kg closing_kg vented_kg", { places: 6 }),
      ],
      keys: [["station_id", "day"]],
      names: _namesASite("station_id"),
    },
  ],
  [
    "tank_opening.csv",
    {
      cells: [
        ..._tableCells("text", "vin! batch_id"),
        ..._tableCells("instant", "at!"),
        ..._tableCells("quantity", "mass_kg!", { places: 6 }),
      ],
      keys: [["vin", "at", "batch_id"]],
    },
  ],
  [
    "vehicles.csv",
    {
      cells: [
        ..._tableCells("text", "vin! plate carrier_id model terminal_id"),
        ..._tableCells("text", "comparable_diesel_source comparable_diesel_method comparable_diesel_profile"),
        ..._tableCells("quantity", "protocol!"),
        ..._tableCells("quantity", "gross_combination_mass_t payload_max_t tank_volume_l", { places: 3, low: "0.001" }),
        ..._tableCells("quantity", "stack_count cells_per_stack", { low: "1" }),
        ..._tableCells("quantity", "battery_capacity_kwh", { places: 3 }),
        ..._tableCells("number", "comparable_diesel_l_per_100km comparable_diesel_payload_t", { low: "0.001" }),
        ..._tableCells("day", "comparable_diesel_date"),
      ],
      keys: [["vin"]],
    },
  ],
]);

/** The rows of a whole file that stand by themselves, whether or not what they name stands: {row, cell(name)}. */
function standingRows(path, file) {
  const table = TABLES.get(path);
  const seen = table.keys.map(() => new Set());
  const rows = [];
  let columns = null;
  eachRecord(file.whole.content, (record, row) => {
    if (row === 0) {
      columns = _orPapersRow(`${path} header`, () => columnsOfHeader(record));
      return;
    }
    const cells = _usableCells(table, columns, record);
    if (cells === null) return;
    const cell = (name) => cells.get(name) ?? "";
    const repeats = table.keys.map((key, at) => {
      const said = JSON.stringify(key.map(cell));
      const repeated = seen[at].has(said);
      seen[at].add(said);
      return repeated;
    });
    if (!repeats.includes(true)) rows.push({ row, cell });
  });
  return rows;
}

/** The cells of a row that can be used (a Map by column), or null. */
function _usableCells(table, columns, record) {
  try {
    const cells = cellsByColumn(columns, record);
    return _canBeUsed(table, cells) ? cells : null;
  } catch (error) {
    if (error instanceof CsvFault) return null;
    throw error;
  }
}

/** Whether a row of a table, already cut into cells, can be used: what it says by itself, without other rows. */
function isUsable(path, cells) {
  return _canBeUsed(TABLES.get(path), cells);
}

function _canBeUsed(table, cells) {
  try {
    const values = new Map(table.cells.map((cell) => [cell.name, _usableValue(cell, cells.get(cell.name) ?? "")]));
    const isBackwards = ([start, end]) => {
      const [started, ended] = [values.get(start), values.get(end)];
      return started !== null && ended !== null && ended < started;
    };
    return !(table.spans ?? []).some(isBackwards);
  } catch (error) {
    if (error instanceof CellFault) return false;
    throw error;
  }
}

function _usableValue(cell, text) {
  const value = valueOfCell(cell, text);
  if (value === null && cell.required) throw new CellFault(`${cell.name}: expected something`);
  if (value === null || (cell.kind !== "number" && cell.kind !== "quantity")) return value;
  const number = Decimal.of(text);
  const inRange = number.compare(_MOST) <= 0 && number.compare(cell.low ?? _MOST.negated()) >= 0;
  if (!inRange) throw new CellFault(`${cell.name}: out of range`);
  return value;
}
