"""Which rules outside the figures are named: only those that apply, by where a service starts or ends.

CountEmissionsEU is named for services that start or end in the European Union. Freight is no good under CBAM; that is
said where somebody asked for a report for the EU, or an end lies there. Without a stated country nothing is said.
"""

from h2corridor.model.emission_report import Applies

# fmt: off
EU_MEMBERS = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})
# fmt: on
"""Member states of the European Union by ISO 3166-1 alpha-2."""


def applying(from_country: str | None, to_country: str | None, *, asked_for_eu: bool) -> tuple[Applies, ...]:
    """What applies to services between two countries.

    >>> applying("CN", "DE", asked_for_eu=False)
    ('count-emissions-eu', 'freight-is-no-cbam-good')
    >>> applying("CN", "CN", asked_for_eu=False)
    ()
    """
    touches = bool(EU_MEMBERS & {from_country, to_country})
    found: list[Applies] = ["count-emissions-eu"] if touches else []
    return (*found, "freight-is-no-cbam-good") if touches or asked_for_eu else tuple(found)
