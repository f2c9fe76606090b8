"""Use cases: one module each, and `bootstrap`, the one place that chooses implementations.

Lives here: the order in which rooms are called, and the mapping between a trial's facts, chains and the report. Lives
elsewhere: arithmetic on frames (`activity`), rules (`accounting`), checks (`quality`), bytes and proofs (`evidence`),
disks and engines (`store`), what people see (`console`, `cli`).

Invariants: data goes one way, from received bytes to a report; time, keys, salts and randomness come from outside; the
report is written last.
"""
