"""Hydrogen from its plant to the nozzle: a `hydrogen-production/1` document as scopes, and the figures from it.

Not here: the rules and factors (they stand in the editions that read this document), reading files.

- Every allocation has its own figure with its own derivation, or the reason why there is none.
- A declared intensity is shown as declared; nothing is derived from it but the way to the nozzle.
- A published threshold is a value to compare with; no status follows from it.
"""
