"""The plain reference of the activity arithmetic: readings, stands, trips, fills, reconciled hydrogen and its origin.

Invariants: integers only; nothing missing is replaced; parts sum to their whole; the same frames and papers give the
same rows. What is heavy (`readings`) the platform computes again as table expressions and must equal; what is small and
sequential (stands, fills, windows, reconciliation, origin) it calls from here, so that it exists once.
"""

from h2verify.activity.allocation import allocate
from h2verify.activity.reference import Cut, Outcome, Papers, cut, run_reference, settle, settle_hydrogen

__all__ = ["Cut", "Outcome", "Papers", "allocate", "cut", "run_reference", "settle", "settle_hydrogen"]
