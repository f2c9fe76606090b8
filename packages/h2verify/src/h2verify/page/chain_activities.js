// Activity inside one chain: classes share what their category did, and an element that names one has its part.
// Activities are whole numbers of 1e-39 tkm, so that a product of two decimals of 18 places is exact; those of hubs are
// whole numbers of 1e-39 t.

const _PER_STATED = 10n ** 21n;
// What people state they round: half a per cent more or less is no contradiction.
const _ROUNDED = 200n;

/** What a category or class states that it did, in tonnes where it is of a hub; null where it does not. */
function _statedActivity(object, isHub) {
  const stated = known(object, isHub ? "throughput_t" : "transport_activity_tkm");
  return stated === null ? null : Decimal.of(stated).units(18) * _PER_STATED;
}

/** Kilograms over kilometres; null where either is not known. */
function _movedActivity(mass, km) {
  return mass === null || km === null ? null : Decimal.of(mass).units(18) * Decimal.of(km).units(18);
}

/** A category's activity: as stated, or that of all stops of its round; null where neither is known. */
function _categoryActivity(category) {
  const stops = known(category, "round")?.stops ?? [];
  const moved = stops.map((stop) => _movedActivity(known(stop, "mass_kg"), known(stop.distance, "km")));
  const ofStops = moved.length === 0 || moved.includes(null) ? null : sumOf(moved);
  return _statedActivity(category, category.kind === "hub") ?? ofStops;
}

/** Why the activities of a category's classes contradict its own; or null. */
function classActivityFault(category) {
  const classes = known(category, "classes") ?? [];
  const isHub = category.kind === "hub";
  if (classes.some((each) => _statedActivity(each, !isHub) !== null)) return "a class states activity of the other kind";
  const stated = classes.map((each) => _statedActivity(each, isHub)).filter((each) => each !== null);
  const whole = _categoryActivity(category);
  if (stated.length === 0 || whole === null) return null;
  const parts = sumOf(stated);
  const [above, below] = [(parts - whole) * _ROUNDED > whole, (whole - parts) * _ROUNDED > whole];
  const unequal = above || (below && stated.length === classes.length);
  return unequal ? "the activities of the classes do not sum to the category's" : null;
}

/** Why an element has no part through its class: nobody says what that class did; or null. */
function elementActivityFault(chain) {
  for (const element of chain.elements) {
    const category = chain.categories[element.category];
    const named = known(element, "class");
    if (named === null || known(category, "excluded") !== null) continue;
    const group = (known(category, "classes") ?? []).find((each) => each.name === named) ?? null;
    const ofClass = _statedActivity(group, element.kind === "hub");
    if (group !== null && ofClass === null) return `element ${element.id}: its class states no activity`;
  }
  return null;
}
