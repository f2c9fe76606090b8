// Fields of one chain that would count twice, or that nothing would read.

/** Why a category is shared out in two ways; or null. */
function sharedTwiceFault(category) {
  const both = known(category, "round") !== null && (known(category, "classes") ?? []).length > 0;
  return both ? "it is shared over the stops of a round and over classes" : null;
}

/** Which field of an energy entry has no effect; or null. */
function idleFieldFault(entry) {
  const has = (name) => known(entry, name) !== null;
  const explicit = has("wtt_kgco2e_per_unit") || has("ttw_kgco2e_per_unit");
  const byRegion = entry.carrier === "electricity" && entry.unit === "kWh" && !explicit && !has("origin");
  if (has("grid_region") && !byRegion && !has("factor")) return "grid_region has no effect";
  const provided = ["wtt_kgco2e_per_unit", "supply", "factor"].some(has) || byRegion;
  return known(entry, "factor_boundary") === "direct" && !provided ? "factor_boundary has no effect" : null;
}
