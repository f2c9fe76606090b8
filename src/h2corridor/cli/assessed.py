"""What `h2corridor assess` prints, by the kind of document that was assessed."""

import sys

from h2corridor.accounting.assessment import Assessment
from h2corridor.accounting.production.results import ProductionAssessment
from h2corridor.console.assessment_text import print_assessment
from h2corridor.console.production_text import print_production
from h2corridor.console.texts import Language


def print_assessed(result: Assessment | ProductionAssessment, language: Language) -> None:
    """Write an assessment to the terminal."""
    if isinstance(result, ProductionAssessment):
        print_production(result, language, sys.stdout)
    else:
        print_assessment(result, language, sys.stdout)
