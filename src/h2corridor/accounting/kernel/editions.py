"""Editions: a folder of parameters, rules, published formulas and cases, known by the digest of all of it."""

import datetime
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from h2verify.scopes import widening

from h2corridor.accounting.kernel.factor_files import FactorPack, merged_parameters, read_edition_factors
from h2corridor.accounting.kernel.parameters import (
    Constant,
    CustodyRules,
    EditionHeader,
    Parameter,
    Parameters,
    read_parameters,
)
from h2corridor.accounting.kernel.rules import Rule, index_rules
from h2corridor.model.errors import InputError, RuleError


class Edition:
    """One edition of a rule set or comparison, ready to be asked.

    Attributes
    ----------
    label : str
        `iso14083/2023.1`, as it stands in derivations and messages.
    digest : str
        SHA-256 of the folder, hexadecimal; see `edition_digest`.
    packs : tuple of FactorFile
        The factor files in the folder, by name; their values are among `parameters`.
    custody : CustodyRules or None
        What the edition says about the custody of hydrogen; None: nothing.
    """

    def __init__(self, *, files: Mapping[str, bytes], rules: Iterable[Rule], about: str) -> None:
        if "parameters.toml" not in files:
            raise RuleError("rule.bad-edition", "parameters.toml is missing.", about=about)
        file = read_parameters(files["parameters.toml"].decode("utf-8"), about=f"{about}/parameters.toml")
        self.header: EditionHeader = file.edition
        self.custody: CustodyRules | None = file.custody
        self.label = f"{file.edition.id}/{file.edition.edition}"
        self.files = dict(files)
        self.digest = edition_digest(files)
        self.packs = read_edition_factors(files, about=about)
        self.parameters: Parameters = merged_parameters(self.label, file, self.packs, about=about)
        self.rules = tuple(rules)
        self._index = index_rules(self.rules)
        self._found: dict[tuple[str, str], Rule | None] = {}

    @classmethod
    def of_parts(cls, *, base: "Edition", parameters: Parameters, index: Mapping[tuple[str, str], Rule]) -> "Edition":
        """An edition put together from those of others, to see what a change does: what `base` says about itself and
        about custody, with other values and rules; it has no folder and no digest."""
        self = cls.__new__(cls)
        self.header = base.header
        self.label = base.label
        self.custody = base.custody
        self.files = {}
        self.digest = ""
        self.packs = ()
        self.parameters = parameters
        self.rules = tuple({id(each): each for each in index.values()}.values())
        self._index = dict(index)
        self._found = {}
        return self

    @property
    def name(self) -> str:
        """`iso14083@2023.1`, as a command takes it."""
        return f"{self.header.id}@{self.header.edition}"

    def find_rule(self, name: str, kind: str) -> Rule | None:
        """The rule that gives a quantity in this kind of scope, or in the nearest wider kind."""
        key = (name, kind)
        if key not in self._found:
            places = ((name, wider) for wider in widening(kind))
            self._found[key] = next((self._index[place] for place in places if place in self._index), None)
        return self._found[key]

    def get_value(self, name: str, on: datetime.date) -> Decimal:
        """A parameter or constant of the edition that has no region, for readers outside a figure, such as a
        reporting limit.

        Raises
        ------
        RuleError
            `rule.no-factor`: the edition has no such value on that date.
        """
        constant = self.parameters.constants.get(name)
        entry: Parameter | Constant = constant or self.parameters.select_parameter(name, on=on).parameter
        return Decimal(entry.value)


def check_packs(packs: Sequence[FactorPack], editions: Sequence[Edition]) -> None:
    """Refuse users' factor files that would change more than factors, or bear a label that is another's.

    Raises
    ------
    InputError
        `factors.label-taken`: two files, or a file and an edition or a file of it, have one label.
        `factors.not-replaceable`: a name is a constant of an edition, or a value of its own table such as a limit.
        `factors.other-unit`, `factors.other-boundary`: a name that an edition has too, in another unit, or of a
        boundary of which the edition has no value of that name.
    """
    taken = {each.label for each in editions} | {file.pack.label for each in editions for file in each.packs}
    for pack in packs:
        if pack.label in taken:
            fault = "another file or edition has this label."
            next_step = "Give the file an id and an edition of its own."
            raise InputError("factors.label-taken", fault, about=pack.label, next_step=next_step)
        taken.add(pack.label)
        for parameter in pack.parameters.listed:
            for edition in editions:
                _check_replaced(parameter, pack.label, edition)


def _check_replaced(parameter: Parameter, label: str, edition: Edition) -> None:
    own = edition.parameters.find_titled(parameter.name)
    if own is None:
        return
    if not isinstance(own, Parameter) or own.pack is None:
        fault = f"{edition.label} keeps {own.name} itself; a factor file cannot replace it."
        next_step = "Take the entry out of the file, or make an edition of your own."
        raise InputError("factors.not-replaceable", fault, about=label, where=parameter.place, next_step=next_step)
    if own.unit != parameter.unit:
        fault = f"{edition.label} has {own.name} in {own.unit}, the file in {parameter.unit}."
        next_step = "Write the value in the edition's unit, or give it a name of its own."
        raise InputError("factors.other-unit", fault, about=label, where=parameter.place, next_step=next_step)
    # A rule that asks for a name alone takes the boundary for granted that the edition's values have.
    boundaries = {each.boundary for each in edition.parameters.listed if each.name == parameter.name}
    if parameter.boundary not in boundaries:
        known = " and ".join(sorted(each or "without boundary" for each in boundaries))
        fault = f"{edition.label} has {own.name} {known}, the file {parameter.boundary or 'without boundary'}."
        next_step = "Take a value of the edition's boundary, or give it a name of its own."
        raise InputError("factors.other-boundary", fault, about=label, where=parameter.place, next_step=next_step)


def build_edition(files: Mapping[str, bytes], namespace: Mapping[str, object], *, about: str) -> Edition:
    """An edition from the bytes of its folder and the names its files `rules*.py` define.

    Parameters
    ----------
    about : str
        Where the folder is, for messages.

    Raises
    ------
    RuleError
        `rule.bad-edition`, `rule.bad-parameter` or `rule.bad-rule`.
    """
    rules = [value for value in namespace.values() if isinstance(value, Rule)]
    if not rules:
        raise RuleError("rule.bad-edition", "rules.py declares no rule.", about=about)
    return Edition(files=files, rules=rules, about=about)


def edition_digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted folder: a line `<sha256 of the file>  <path>` for each file, as `sha256sum` prints it.

    >>> edition_digest({"b": b"", "a": b""}) == edition_digest({"a": b"", "b": b""})
    True
    """
    lines = [f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)]
    return hashlib.sha256("".join(lines).encode("utf-8")).hexdigest()
