"""A report on the hydrogen of plants, from hydrogen-production documents."""

from collections.abc import Sequence
from pathlib import Path

from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.accounting.reporting.hydrogen import make_hydrogen_report
from h2corridor.app.assess_document import assess_document
from h2corridor.app.emission_report import quality_scheme
from h2corridor.app.rules import get_rule_set, require_document
from h2corridor.model.errors import UsageError
from h2corridor.model.hydrogen_report import HydrogenReport
from h2corridor.model.production import PRODUCTION_FORMAT


def reads_hydrogen(rule_set: str) -> bool:
    """Whether a rule set reads hydrogen-production documents; UsageError `rules.unknown` where there is none."""
    return get_rule_set(rule_set).header.document == PRODUCTION_FORMAT


def report_hydrogen(documents: Sequence[Path], rule_set: str, *, factors: Sequence[Path] = ()) -> HydrogenReport:
    """The report on the hydrogen of the plants in some files, each by itself; factor files as `assess_document` takes
    them.

    Raises
    ------
    UsageError
        `report.sources`: no file was named. `rules.unknown`, `rules.wrong-document`: there is no such rule set, or it
        reads other documents.
    InputError
        A file cannot be read; `report.repeated-plant`.
    RuleError
        Something is missing that a rule needs.
    """
    edition = get_rule_set(rule_set)
    require_document(edition, PRODUCTION_FORMAT)
    if not documents:
        next_step = "Name PLANT.json ... of format hydrogen-production/1."
        raise UsageError("report.sources", "expected hydrogen productions.", next_step=next_step)
    assessed = [assess_document(path, rule_set, factors=factors) for path in documents]
    found = [each for each in assessed if isinstance(each, ProductionAssessment)]
    return make_hydrogen_report(found, edition, quality_scheme())
