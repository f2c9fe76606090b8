"""The workspace on disk: received bytes, the transparency log, statements, keys, and the check of all of them.

Invariants
----------
- A file appears under its name complete and durable, or not at all: written beside it, synced, renamed.
- One writer at a time, held by a lock that ends with its process.
- Tiles are durable before the checkpoint that speaks of them; the checkpoint is the one moment a log changes.
- Received bytes are never altered or removed; a changed file is another receipt.
- Time, salts and randomness are passed in.
"""

from h2corridor.store.files.durable import storage_errors, write_file
from h2corridor.store.files.fsck import Fault
from h2corridor.store.files.inbox import Inbox, InboxFile
from h2corridor.store.files.keys import (
    load_keys,
    load_or_create_issuer,
    load_or_create_keys,
    load_or_create_salt_seed,
    load_salt_seed,
)
from h2corridor.store.files.layout import inbox_of, is_workspace
from h2corridor.store.files.received import Receipt
from h2corridor.store.files.segments import SegmentLog, lock_gateway
from h2corridor.store.files.statements import StatementFiles
from h2corridor.store.files.workspace import Workspace

__all__ = [
    "Fault",
    "Inbox",
    "InboxFile",
    "Receipt",
    "SegmentLog",
    "StatementFiles",
    "Workspace",
    "inbox_of",
    "is_workspace",
    "load_keys",
    "load_or_create_issuer",
    "load_or_create_keys",
    "load_or_create_salt_seed",
    "load_salt_seed",
    "lock_gateway",
    "storage_errors",
    "write_file",
]
