"""Steps 14 to 18: from the decision to release raw data down to the bytes that a truck sent.

- `verify_release`: the decision is recorded and is about this statement.
- `verify_received`: files and rows are those in the log.
- `verify_opened`: identities and positions fit the hashes in the records.
- `verify_papers`: no row that records rest on is kept back or left out, and rows say what the records say.
- `verify_frames`: frames decoded and time cut again give the records of each truck.

Nothing here is believed before it is proved, and every loop over a bundle's bytes has a limit.
"""

from h2verify.bundle.raw_frames import TruckCounts, verify_frames
from h2verify.bundle.raw_opened import Opened, verify_opened, verify_release
from h2verify.bundle.raw_papers import verify_papers
from h2verify.bundle.raw_received import Received, ReceivedFile, verify_received
from h2verify.bundle.raw_rows import WHOLE, WHOLE_IF_RECEIVED, list_absent

__all__ = [
    "WHOLE",
    "WHOLE_IF_RECEIVED",
    "Opened",
    "Received",
    "ReceivedFile",
    "TruckCounts",
    "list_absent",
    "verify_frames",
    "verify_opened",
    "verify_papers",
    "verify_received",
    "verify_release",
]
