"""Emission accounting: the rule kernel, rule sets, comparisons, and the assessment of one transport chain.

Not here: reading files (that is `app`), how a trial becomes a chain (that is `app` too), signing.

- Pure: the same chain, edition and date give the same figures and the same derivation.
- Operation (TTW) and energy provision (WTT) are always both there; a difference is signed and never clipped.
- Every figure is recomputed by `h2verify.derivation` from its steps alone.
"""
