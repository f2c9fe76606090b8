"""How much of anything a bundle may hold: what keeps a verifier's memory and time within bounds, whatever it is handed.

`container.limit` is the code of each. The two sums over all JSON members bound what is held as values at one time.
"""

MIB = 1 << 20

FILE_BYTES_MAX = 64 * MIB
MEMBERS_MAX = 2_000
NAME_LENGTH_MAX = 200
UNPACKED_BYTES_MAX = 96 * MIB
MEMBER_BYTES_MAX = 32 * MIB
JSON_BYTES_MAX = 4 * MIB
JSON_MARKS_MAX = 400_000
"""How many of the characters `[`, `{`, `,` and `:` one JSON member holds, texts included."""

JSON_BYTES_SUM_MAX = 16 * MIB
JSON_MARKS_SUM_MAX = 1_000_000
"""The same over all members outside editions' folders."""

LOG_ENTRIES_MAX = 4_000
PROOF_HASHES_MAX = 64
SIGNATURE_NOTES_MAX = 1_000
SUPPLIER_SIGNATURES_MAX = 1_000
"""How many signature lines all notes of suppliers hold together; each costs a verification."""

POLICY_BYTES_MAX = MIB
POLICY_LINES_MAX = 2_000
