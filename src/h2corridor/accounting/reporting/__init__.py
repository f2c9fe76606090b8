"""Reports over many assessed chains, read from their derivations alone.

Here: sums by shipment, carrier, lane, mode and month, the table of secondary data, footprints, data quality. Not here:
files, words and pictures.

- Whatever is shown as a part sums exactly to what is shown as its whole.
- A report computes no emissions of its own: every kilogram comes from an assessment.
- What is not known stays not known; nothing is rated or named by guess.
"""

from h2corridor.accounting.reporting.data_quality import QualityScheme, read_scheme
from h2corridor.accounting.reporting.report import Asked, make_report
from h2corridor.accounting.reporting.sums import AssessedChain

__all__ = ["Asked", "AssessedChain", "QualityScheme", "make_report", "read_scheme"]
