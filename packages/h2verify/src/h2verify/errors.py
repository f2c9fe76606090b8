"""The one error tree of h2verify.

    VerifyError
    ├── DecodeError           bytes that are no frame of the protocol they were read as
    ├── DerivationError       steps that cannot be recomputed, or recompute to something else
    ├── CanonicalError        a value without canonical JSON form, or a text that is not in it
    ├── ProofError            a hash, a proof, a signature or a tile that does not hold
    └── BundleError           an evidence bundle, or a part of it, that does not hold

Every error carries a stable `code`; its text says what was expected, what came, where, and the next step.
"""


class VerifyError(Exception):
    """Something that does not hold, or cannot be read."""

    def __init__(self, code: str, fault: str, *, where: str = "", next_step: str = "") -> None:
        self.code = code
        self.fault = fault
        self.where = where
        self.next_step = next_step
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The whole message: code, place, fault, next step."""
        text = f"{self.code}: {self.where}: {self.fault}" if self.where else f"{self.code}: {self.fault}"
        return f"{text} {self.next_step}" if self.next_step else text


class DecodeError(VerifyError):
    """Bytes that are no frame of the protocol they were read as."""


class DerivationError(VerifyError):
    """Steps that cannot be recomputed, or recompute to something else."""


class CanonicalError(VerifyError):
    """A value without canonical JSON form, or a text that is not in it."""


class ProofError(VerifyError):
    """A hash, a proof, a signature or a tile that does not hold."""


class BundleError(VerifyError):
    """An evidence bundle, or a part of it, that does not hold; its code is one of the format's page."""
