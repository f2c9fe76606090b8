"""What every rule set and comparison is written in: rules, dated parameters, scopes of facts, and the resolver.

Not here: any emission rule, any factor, any file access.

- A rule is plain arithmetic on named arguments. It is read twice: with decimals for the figure, with terms for its
formula.
- Nothing missing is replaced; the resolver refuses, or in a partial resolution lists what is missing.
- The published formula of a rule is the template of every step it makes.
"""

from h2corridor.accounting.kernel.absences import Absence
from h2corridor.accounting.kernel.editions import Edition, build_edition, check_packs, edition_digest
from h2corridor.accounting.kernel.factor_files import (
    FactorFault,
    FactorPack,
    PackHeader,
    list_factor_faults,
    read_factor_pack,
)
from h2corridor.accounting.kernel.parameters import (
    Constant,
    Parameter,
    Parameters,
    read_parameters,
    stated_entry,
    value_digest,
)
from h2corridor.accounting.kernel.resolver import Resolver
from h2corridor.accounting.kernel.rules import Rule, formula_table, rule
from h2corridor.accounting.kernel.scopes import Dated, Given, Scope, Scopes
from h2corridor.accounting.kernel.terms import Many, Quantity, greatest, least, total
from h2corridor.accounting.kernel.used_factors import UsedFactor

__all__ = [
    "Absence",
    "Constant",
    "Dated",
    "Edition",
    "FactorFault",
    "FactorPack",
    "Given",
    "Many",
    "PackHeader",
    "Parameter",
    "Parameters",
    "Quantity",
    "Resolver",
    "Rule",
    "Scope",
    "Scopes",
    "UsedFactor",
    "build_edition",
    "check_packs",
    "edition_digest",
    "formula_table",
    "greatest",
    "least",
    "list_factor_faults",
    "read_factor_pack",
    "read_parameters",
    "rule",
    "stated_entry",
    "total",
    "value_digest",
]
