"""Statements about figures: drafted, committed to, signed, and put together with all they rest on as a bundle.

Here live the activity tree, the statement and its signature, the words that say what is shown, the decision to release
raw data, and the bundle's members. Not here: files, keys, clocks; `app` brings them, `store` keeps what is made here.
The format is on one page, `docs/reference/bundle.md`; `h2verify` reads what this room writes.

Invariants
----------
- Nothing is signed that is not in the log: a signature covers the proof.
- A statement's id follows from all it says but the time it says it.
- Vehicle identity, parties' papers and positions stand in activity as salted hashes only.
- The same facts, keys and seed give the same bytes.
"""
