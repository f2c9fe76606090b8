"""Custody of hydrogen as a ledger of milligrams: where the molecules went, and who may speak of them.

Lives here: the double entry, the replay of a trial's papers and measurements into it, the attribute of each batch,
records of sale. Lives elsewhere: the mixing rules as the figures use them (`h2verify.activity.origin`), which the
replay must equal; reading files (`app`).

Invariants

- Each posting leaves one account and enters another; nothing appears but from the two sources, nothing vanishes.
- No account is ever below zero; what is drawn beyond it is posted from `unknown` before it is drawn.
- Each kilogram is consumed once on both sides: an attribute is used, sold, expired or left, never two of these.
- Pure: the same values give the same postings in the same order.
"""

from h2corridor.accounting.custody.ledger import PRODUCED, UNKNOWN_SOURCE, KilogramLedger
from h2corridor.accounting.custody.mixing import list_mixed
from h2corridor.accounting.custody.replay import replay

__all__ = ["PRODUCED", "UNKNOWN_SOURCE", "KilogramLedger", "list_mixed", "replay"]
