"""Received bytes to manifests, leaves and a signed log: bytes in, bytes out.

Here live the manifest of a received file, the salts, the growth of the transparency log, the keys that sign and the
fast table digest (`evidence.table_digest`, imported by name since it needs numpy and pyarrow). Not here: files, clocks,
randomness; `store.files` keeps what these functions make.

Invariants
----------
- What is hashed is defined in `h2verify` (`rows`, `merkle`, `tiles`, `note`, `table`); this room only applies it.
- The log holds salted commitments: no path, plate or place stands there in clear.
- The same entries in the same order give the same files, in one step or in many.
"""

from h2corridor.evidence.keys import LogSigner, format_private_key, parse_private_key
from h2corridor.evidence.log import LogGrowth, grow_log, sign_checkpoint
from h2corridor.evidence.manifest import FileManifest, commit_to_file, decode_manifest, derive_file_salt
from h2corridor.evidence.salts import derive_closed_salt, derive_group_salt, derive_leaf_salt, derive_tree_seed

__all__ = [
    "FileManifest",
    "LogGrowth",
    "LogSigner",
    "commit_to_file",
    "decode_manifest",
    "derive_closed_salt",
    "derive_file_salt",
    "derive_group_salt",
    "derive_leaf_salt",
    "derive_tree_seed",
    "format_private_key",
    "grow_log",
    "parse_private_key",
    "sign_checkpoint",
]
