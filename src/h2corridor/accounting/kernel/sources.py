"""What is asked for a value, and who answers: users' own factor files first, then editions."""

from typing import TypeAlias

from h2corridor.accounting.kernel.editions import Edition
from h2corridor.accounting.kernel.factor_files import FactorPack

Source: TypeAlias = Edition | FactorPack


def offers(
    source: Source, name: str, region: str | None = None, boundary: str | None = None, level: str | None = None
) -> bool:
    """Whether a source answers for a name: an edition for all it has, a user's file for the places it has."""
    if isinstance(source, FactorPack):
        return source.parameters.has_value(name, region=region, boundary=boundary, level=level)
    return source.parameters.has_parameter(name)
