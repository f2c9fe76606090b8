"""A chain in which hydrogen whose attribute was sold has the intensity of residual hydrogen at its gate."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec
from h2verify.activity import allocate
from h2verify.derivation import decimal_text

from h2corridor.model.chain_values import Energy, HydrogenSupply, TransportChain

RESIDUAL = "residual_hydrogen_kgco2e_per_kg"
"""The dated parameter of a rule set."""


def residual_chain(
    chain: TransportChain, residual_mg: Mapping[str, Mapping[str, int]], factor: Decimal, *, label: str
) -> TransportChain:
    """Split each supply of a batch whose attribute was sold into what is backed and what is residual.

    What is residual of an origin is taken from the supply of its batch and station; of hydrogen that was on board
    before the period it is shared over the batch's supplies in proportion to what they have left. The gate's intensity
    becomes the larger of the factor and the declared one: never better than what was sold. A supply that takes the
    factor names the rule set in the place of its batch's row.

    Parameters
    ----------
    residual_mg : by category and origin, what was used of it once its attribute was sold [mg]
    factor : the intensity of residual hydrogen at the production gate [kgCO2e/kg]
    label : the rule set that it is of, `iso14083/2023.1`
    """
    categories = dict(chain.categories)
    for name, by_origin in residual_mg.items():
        category = categories.get(name)
        if category is not None and by_origin:
            energy = _split(category.energy, by_origin, factor, f"{label}: {RESIDUAL}")
            categories[name] = msgspec.structs.replace(category, energy=energy)
    return msgspec.structs.replace(chain, categories=categories)


def _split(entries: Sequence[Energy], by_origin: Mapping[str, int], factor: Decimal, ref: str) -> tuple[Energy, ...]:
    parts = _residual_of(entries, by_origin)
    found: list[Energy] = []
    for number, entry in enumerate(entries):
        residual, whole = parts.get(number, 0), _milligrams(entry)
        assert residual <= whole, f"energy {number}: more is residual than was used"
        if whole > residual or not residual:
            found.append(_with_mass(entry, whole - residual) if residual else entry)
        if residual and entry.supply is not None:
            supply = _residual_supply(entry.supply, factor, ref)
            found.append(msgspec.structs.replace(_with_mass(entry, residual), supply=supply))
    return tuple(found)


def _residual_supply(supply: HydrogenSupply, factor: Decimal, ref: str) -> HydrogenSupply:
    stated = supply.gate_kgco2e_per_kg
    if stated is not None and Decimal(stated) >= factor:
        return supply
    refs = (ref, *(each for each in supply.refs if not each.startswith("hydrogen_batches.csv#")))
    return msgspec.structs.replace(supply, gate_kgco2e_per_kg=decimal_text(factor), refs=refs)


def _residual_of(entries: Sequence[Energy], by_origin: Mapping[str, int]) -> dict[int, int]:
    """What is residual of each entry [mg]."""
    numbers = {(each.supply.batch, each.supply.station): n for n, each in enumerate(entries) if each.supply}
    parts = dict.fromkeys(numbers.values(), 0)
    aboard: dict[str, int] = {}
    for origin, mass in by_origin.items():
        batch, _, station = origin.partition("@")
        if station:
            parts[numbers[batch, station]] += mass
        else:
            aboard[batch] = aboard.get(batch, 0) + mass
    for batch, mass in aboard.items():
        mine = [number for (owner, _), number in numbers.items() if owner == batch]
        rest = [_milligrams(entries[number]) - parts[number] for number in mine]
        for number, part in zip(mine, allocate(mass, rest), strict=True):
            parts[number] += part
    return parts


def _milligrams(entry: Energy) -> int:
    return int(Decimal(entry.amount or 0).scaleb(6))


def _with_mass(entry: Energy, mass_mg: int) -> Energy:
    return msgspec.structs.replace(entry, amount=decimal_text(Decimal(mass_mg).scaleb(-6)))
