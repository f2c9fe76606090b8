// The items of a real-time data unit of GB/T 32960.3, both editions, as the reference page lists them. One word a part:
//   name:bytes[:first-last]     an integer and its valid raw values; `!` after the bytes: it has no sentinels
//   *name:bytes[:range]         the same, as the count of the part that follows
//   +name:bytes[:range]         the element that is repeated so often
//   { ... }                     the record that is repeated so often
//   #name                       two bytes of length and so many bytes

const _GB_HEAD = "state:1:1-3 charge:1:1-4 mode:1:1-3";
const _GB_FAULTS = (name, bytes = 4) => `*${name}_count:1 +${name}:${bytes}!`;
const _GB_ALL_FAULTS = ["battery_faults", "motor_faults", "engine_faults", "other_faults"]
  .map((name) => _GB_FAULTS(name))
  .join(" ");
const _GB_TEMPERATURES = "*count_raw:1 { no:1 *probe_count:2:0-65531 +probes_c:1:0-250 }";
const _GB_EXTREME = (system, cell, volt) =>
  ["vmax", "vmin"].map((side) => `${side}_system:${system} ${side}_cell:${cell} ${side}_v:${volt}`).join(" ");
const _GB_WARMEST = (system, probe) =>
  ["tmax", "tmin"].map((side) => `${side}_system:${system} ${side}_probe:${probe} ${side}_c:1:0-250`).join(" ");
const _GB_PLACE = "longitude:4:0-180000000 latitude:4:0-90000000";

const _GB_ITEMS_2016 = {
  0x01:
    `${_GB_HEAD} speed_kmh:2:0-2200 odometer_km:4:0-9999999 voltage_v:2:0-10000 current_a:2:0-20000 soc_pct:1:0-100 ` +
    "dcdc:1:1-2 gear_raw:1! insulation_kohm:2:0-60000 accelerator_pct:1:0-100 brake_pct:1:0-101",
  0x02:
    "*count_raw:1 { no:1:1-253 state:1:1-4 controller_temp_c:1:0-250 speed_rpm:2:0-65531 torque_nm:2:0-65531 " +
    "motor_temp_c:1:0-250 input_v:2:0-60000 bus_a:2:0-20000 }",
  0x03:
    "stack_voltage_v:2:0-20000 stack_current_a:2:0-20000 consumption_kg_per_100km:2:0-60000 " +
    "*probe_count:2:0-65531 +probe_temps_c:1:0-240 h2_max_temp_c:2:0-2400 h2_max_temp_probe:1:1-252 " +
    "h2_max_conc_mg_per_kg:2:0-60000 h2_max_conc_sensor:1:1-252 h2_max_pressure_mpa:2:0-1000 " +
    "h2_max_pressure_sensor:1:1-252 hv_dcdc:1:1-2",
  0x04: "state:1:1-2 crank_rpm:2:0-60000 consumption_l_per_100km:2:0-60000",
  0x05: `status_raw:1! ${_GB_PLACE}`,
  0x06: `${_GB_EXTREME("1:1-250", "1:1-250", "2:0-15000")} ${_GB_WARMEST("1:1-250", "1:1-250")}`,
  0x07: `level:1:0-3 flags_raw:4! ${_GB_ALL_FAULTS}`,
  0x08:
    "*count_raw:1 { no:1:1-250 voltage_v:2:0-10000 current_a:2:0-20000 cells_total:2:1-65531 " +
    "frame_first_cell:2:1-65531 *frame_cell_count:1:0-200 +cells_v:2:0-60000 }",
  0x09: _GB_TEMPERATURES,
};

const _GB_ITEMS_2025 = {
  0x01:
    `${_GB_HEAD} speed_kmh:2:0-5000 odometer_km:4:0-9999999 voltage_v:2:0-60000 current_a:2:0-60000 soc_pct:1:0-100 ` +
    "dcdc:1:1-2 gear_raw:1! insulation_kohm:2:0-60000",
  0x02:
    "*count_raw:1 { no:1:1-253 state:1:1-4 controller_temp_c:1:0-250 speed_rpm:2:0-65531 torque_nm:4:0-400000 " +
    "motor_temp_c:1:0-250 }",
  0x03:
    "h2_max_temp_c:2:0-250 h2_max_temp_probe:1:1-253 h2_max_conc_pct:2:0-60000 h2_max_conc_sensor:1:1-253 " +
    "h2_max_pressure_mpa:2:0-1000 h2_max_pressure_sensor:1:1-253 hv_dcdc:1:1-2 h2_remaining_pct:1:0-100 " +
    "hv_dcdc_controller_temp_c:1:0-250",
  0x04: "crank_rpm:2:0-60000",
  0x05: `status_raw:1! coordinate_system_raw:1! ${_GB_PLACE}`,
  0x06: `level:1:0-4 flags_raw:4! ${_GB_ALL_FAULTS} ${_GB_FAULTS("general_faults", 2)}`,
  0x07: "*count_raw:1 { pack:1:1-50 voltage_v:2:0-60000 current_a:2:0-60000 *cell_count:2:0-65531 +cells_v:2:0-60000 }",
  0x08: _GB_TEMPERATURES,
  0x30:
    "*count_raw:1 { no:1:1-253 voltage_v:2:0-20000 current_a:2:0-20000 h2_inlet_pressure_kpa:2:0-5000 " +
    "air_inlet_pressure_kpa:2:0-5000 air_inlet_temp_c:1:0-250 *probe_count:2:0-65531 " +
    "+coolant_outlet_temps_c:1:0-250 }",
  0x31:
    "system:1:1-253 voltage_v:2:0-10000 current_a:2:0-60000 *cell_count:2:0-65531 +cells_v:2:0-60000 " +
    "*probe_count:2:0-65531 +probes_c:1:0-250",
  0x32: `${_GB_EXTREME("1:1-253", "2:1-65531", "2:0-60000")} ${_GB_WARMEST("1:1-253", "2:1-65531")}`,
  0xff: "signature_type_raw:1! #r_hex #s_hex",
};

/** One integer of the table: {name, width, first, last, sentinel}; `first` null where any value is valid. */
function _gbField(word) {
  const [name, width, range] = word.split(":");
  const bytes = parseInt(width, 10);
  const [first, last] = range ? range.split("-").map(Number) : [null, null];
  return { name, width: bytes, first, last, sentinel: width.endsWith("!") ? Infinity : 256 ** bytes - 2 };
}

/** The parts that words say, up to a closing brace; takes the words away. */
function _gbParts(words) {
  const parts = [];
  while (words.length && words[0] !== "}") {
    const word = words.shift();
    if (word[0] === "#") parts.push({ kind: "bytes" });
    else if (word[0] !== "*") parts.push({ kind: "field", field: _gbField(word) });
    else if (words[0] === "{") {
      words.shift();
      parts.push({ kind: "records", count: _gbField(word.slice(1)), parts: _gbParts(words) });
      words.shift();
    } else parts.push({ kind: "run", count: _gbField(word.slice(1)), field: _gbField(words.shift().slice(1)) });
  }
  return parts;
}

function _gbItems(table) {
  const items = new Map(Object.entries(table).map(([type, text]) => [Number(type), _gbParts(text.split(" "))]));
  for (let type = 0x80; type < 0xff; type += 1) items.set(type, [{ kind: "bytes" }]);
  return items;
}

/** Commands: whether a time stands first, whether items follow it, whether the data unit can be decoded. */
function _gbCommands(...codes) {
  const timeless = [0x07, 0x08, 0x0a, 0x0b];
  const entry = (code) => ({ timed: !timeless.includes(code), items: code === 2 || code === 3, known: code < 0x80 });
  return new Map(codes.map((code) => [code, entry(code)]));
}

const _GB_COMMON = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x80, 0x81, 0x82];
const GB_EDITIONS = new Map([
  [0x23, {
    year: 2016,
    items: _gbItems(_GB_ITEMS_2016),
    commands: _gbCommands(..._GB_COMMON),
  }],
  [0x24, {
    year: 2025,
    items: _gbItems(_GB_ITEMS_2025),
    commands: _gbCommands(..._GB_COMMON, 0x09, 0x0a, 0x0b),
  }],
]);
const GB_RESPONSES = new Set([1, 2, 3, 4, 5, 6, 7, 0xfe]);
const GB_ENCRYPTIONS = new Set([1, 2, 3, 4, 5, 0xfe, 0xff]);
