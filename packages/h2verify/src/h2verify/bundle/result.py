"""What a verification gives: a verdict with its reason, the steps that led there, and the figure if they all hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from h2verify import __version__
from h2verify.bundle.causes import CAUSES
from h2verify.bundle.steps import StepWords

Status = Literal["holds", "refused", "not reached"]
Verdict = str

MATCHES = "recomputed, matches"
UNPINNED = "consistent; signer not pinned by you: "
REFUSED = "refused"
SOFTWARE = f"h2verify {__version__}"
"""Which verifier of which version speaks."""
NOTHING_VERIFIED = 2
"""The exit status when nothing could be verified."""
NOT_A_BUNDLE = "not a bundle"

_NOT_A_BUNDLE_CODES = ("container.not-zip", "container.no-manifest")
_NOTHING_VERIFIED_CODES = (*_NOT_A_BUNDLE_CODES, "depth.absent")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """One of the eighteen steps; those after a refusal, or deeper than was looked, are `not reached`.

    `code` is that of a refusal, `details` are counts and names that the step found.
    """

    words: StepWords
    status: Status
    code: str | None = None
    details: Mapping[str, int | str] = field(default_factory=dict)

    def says(self, language: str) -> str:
        """What the step's outcome means; empty where it was not reached."""
        if self.status == "not reached":
            return ""
        english = language != "zh"
        if self.status == "refused":
            cause = CAUSES.get(self.code or "")
            if cause is not None:
                return cause.en if english else cause.zh
            return self.words.fails_en if english else self.words.fails_zh
        return (self.words.holds_en if english else self.words.holds_zh).format_map(self.details)

    def title(self, language: str) -> str:
        """What the step checks."""
        return self.words.title_zh if language == "zh" else self.words.title_en

    def as_json(self) -> dict[str, Any]:
        """The step as it stands in the result's JSON."""
        return {
            "number": self.words.number,
            "id": self.words.id,
            "depth": self.words.depth,
            "status": self.status,
            "title_en": self.title("en"),
            "title_zh": self.title("zh"),
            "says_en": self.says("en"),
            "says_zh": self.says("zh"),
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome of a verification.

    `reason` begins with `reason_code` where something does not hold; `depth` is how far down it was verified; `status`
    is the issuer's word on the statement and `figure` what the statement says, both None unless everything holds.
    `file_sha256` is None of a file above the limit, which is not read to its end.
    """

    verdict: Verdict
    reason: str
    reason_code: str | None
    depth: str | None
    trust: Literal["pinned", "unpinned"]
    status: Mapping[str, str | None] | None
    steps: tuple[StepResult, ...]
    figure: Mapping[str, Any] | None
    file_sha256: str | None

    @property
    def holds(self) -> bool:
        """Whether everything that was looked at holds."""
        return self.reason_code is None

    @property
    def exit_status(self) -> int:
        """0 when everything present holds, 1 when anything is refused, 2 when nothing could be verified."""
        if self.holds:
            return 0
        return NOTHING_VERIFIED if self.reason_code in _NOTHING_VERIFIED_CODES else 1

    def as_json(self) -> dict[str, Any]:
        """The result as the command prints it with `--json`."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "reason_code": self.reason_code,
            "depth": self.depth,
            "trust": self.trust,
            "status": None if self.status is None else dict(self.status),
            "steps": [step.as_json() for step in self.steps],
            "figure": None if self.figure is None else dict(self.figure),
            "file_sha256": self.file_sha256,
            "software": SOFTWARE,
        }


def verdict_of(code: str | None, trust: str, fingerprint: str) -> Verdict:
    """The verdict's words."""
    if code is None:
        return MATCHES if trust == "pinned" else UNPINNED + fingerprint
    return NOT_A_BUNDLE if code in _NOT_A_BUNDLE_CODES else REFUSED
