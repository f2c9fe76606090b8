"""The one error tree of the platform.

    CorridorError
    ├── UsageError            a command was called with something it cannot take       exit 2
    ├── InputError            what was handed in cannot be used at all                 exit 2
    ├── WorkspaceError        the workspace cannot be read, written or understood      exit 2
    ├── EvidenceError         bytes, log or proof do not hold                          exit 1
    ├── RuleError             a rule, parameter or edition refuses                     exit 2
    └── StorageError          the operating system refused (disk full, no permission)  exit 1

Every error carries a stable `code`, what it is `about` (a file, a record), the `where` inside it, the fault in one
sentence and the `next_step`. Bad *data* is not an error: checks return findings (see `h2corridor.model.findings`).
"""


class CorridorError(Exception):
    """Something a person has to act on; never raised for a finding."""

    exit_status = 1

    def __init__(self, code: str, fault: str, *, about: str = "", where: str = "", next_step: str = "") -> None:
        self.code = code
        self.fault = fault
        self.about = about
        self.where = where
        self.next_step = next_step
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The whole message: code, place, fault, next step."""
        place = ", ".join(part for part in (self.about, self.where) if part)
        text = f"{self.code}: {place}: {self.fault}" if place else f"{self.code}: {self.fault}"
        return f"{text} {self.next_step}" if self.next_step else text


class UsageError(CorridorError):
    """A command was called with something it cannot take."""

    exit_status = 2


class InputError(CorridorError):
    """What was handed in cannot be used at all."""

    exit_status = 2


class WorkspaceError(CorridorError):
    """The workspace cannot be read, written or understood."""

    exit_status = 2


class EvidenceError(CorridorError):
    """Kept bytes, the log or a proof do not hold."""


class RuleError(CorridorError):
    """A rule, a parameter or an edition refuses."""

    exit_status = 2


class StorageError(CorridorError):
    """The operating system refused a read or a write."""
