"""Evidence bundles: one file from which a stranger recomputes a statement, offline and trusting nobody.

Here live the container and its limits, the statement with its signatures and proofs, and the eighteen steps of a
verification. Not here: the arithmetic that is recomputed (`derivation`, `chains`, `activity`, `gbt32960`). The format
is on one page, `docs/reference/bundle.md`; codes and steps are numbered as there.

Invariants
----------
- Bytes in, a result out: no file, no network, no clock, no randomness; no input leads to an exception.
- Nothing a bundle says about itself is believed before it was counted, hashed or recomputed.
- Memory and time are bounded by `limits`, whatever the bytes are.
"""

from h2verify.bundle.result import Result, StepResult
from h2verify.bundle.verification import verify_bundle

__all__ = ["Result", "StepResult", "verify_bundle"]
