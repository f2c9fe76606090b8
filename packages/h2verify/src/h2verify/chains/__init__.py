"""Transport chains written from activity records: the same records give the same chain, here and at a stranger's.

Here live the form of the records, what of them is computed again (trips, hydrogen, its origin), the road operations
with the diesel truck's distance, the chain, and what it does not cover. Not here: proofs that records are those
committed to, and anything about a trial's files.

Invariants
----------
- A record is plain data in the form of `forms`; what a chain rests on is what was asked for while it was written.
- A truck is `truck-<n>` throughout; no vehicle identity, party or place has a field here.
- Nothing missing is replaced; parts sum to their whole.
"""

from h2verify.chains.agreement import check_cut, check_deliveries, check_papers, check_stations, check_windows
from h2verify.chains.chain import ChainWriter, write_chain
from h2verify.chains.coverage import Note, find_break
from h2verify.chains.decimals import decimal_text
from h2verify.chains.forms import Groups, Record
from h2verify.chains.group import Group, groups_needed
from h2verify.chains.group_forms import check_forms
from h2verify.chains.ledger import Ledger
from h2verify.chains.measured import read_truck
from h2verify.chains.recompute import RecomputedTruck, recompute_truck

__all__ = [
    "ChainWriter",
    "Group",
    "Groups",
    "Ledger",
    "Note",
    "RecomputedTruck",
    "Record",
    "check_cut",
    "check_deliveries",
    "check_forms",
    "check_papers",
    "check_stations",
    "check_windows",
    "decimal_text",
    "find_break",
    "groups_needed",
    "read_truck",
    "recompute_truck",
    "write_chain",
]
