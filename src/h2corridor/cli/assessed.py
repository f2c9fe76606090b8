"""What `h2corridor assess` prints of one document, by the kind of document that was assessed."""

import sys

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.console.assessment_text import explain_assessment, print_assessment
from h2corridor.console.production_text import explain_production, print_production
from h2corridor.console.texts import Language


def print_assessed(result: Assessment | ProductionAssessment, language: Language, *, explain: bool) -> None:
    """Write an assessment to the terminal, or its whole calculation as by hand."""
    if isinstance(result, ProductionAssessment):
        (explain_production if explain else print_production)(result, language, sys.stdout)
    else:
        (explain_assessment if explain else print_assessment)(result, language, sys.stdout)
