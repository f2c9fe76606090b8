"""Every fault by the name of its file: who made it, how, and the code that a verifier must give.

A fault is one function; its name is the file's name and its docstring says in plain words what is wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass

from forger import Lie
from made_bundles import Good
from policies import POLICIES
from signing import repair_manifest
from zips import Members, members_of, pack

NOTHING_VERIFIED = ("container.not-zip", "container.no-manifest", "depth.absent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A bundle with one fault; `policy` is the name of the reader's, `asked` the depth that is asked for."""

    name: str
    code: str
    says: str
    policy: str
    asked: str | None
    make: Callable[[Good], bytes]

    @property
    def file_name(self) -> str:
        """What the file is called in the corpus."""
        return f"bundle_{self.name}.zip"

    @property
    def exit_status(self) -> int:
        """What the command exits with."""
        return 2 if self.code in NOTHING_VERIFIED else 1

    @property
    def verdict(self) -> str:
        """The verdict's words."""
        return "not a bundle" if self.code in NOTHING_VERIFIED[:2] else "refused"


FAULTS: dict[str, Fault] = {}


def damaged(
    code: str, *, depth: str = "figure", policy: str = "none", asked: str | None = None
) -> Callable[[Callable[[bytes], bytes]], Callable[[bytes], bytes]]:
    """A fault in the file's bytes: what is given takes a good file."""

    def register(change: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
        _add(change, code, policy, asked, lambda good: change(good.bundles[depth]))
        return change

    return register


def outsider(
    code: str, *, depth: str = "figure", repaired: bool = True, policy: str = "none"
) -> Callable[[Callable[[Members], None]], Callable[[Members], None]]:
    """A fault by somebody without keys: members are changed, and the manifest's digests repaired."""

    def register(change: Callable[[Members], None]) -> Callable[[Members], None]:
        def make(good: Good) -> bytes:
            members = members_of(good.bundles[depth])
            change(members)
            return pack(repair_manifest(members) if repaired else members)

        _add(change, code, policy, None, make)
        return change

    return register


def operator(
    code: str, *, depth: str = "figure", policy: str = "none"
) -> Callable[[Callable[[Lie], None]], Callable[[Lie], None]]:
    """A fault by somebody with all keys: one thing is changed, everything that follows is repaired."""

    def register(change: Callable[[Lie], None]) -> Callable[[Lie], None]:
        def make(good: Good) -> bytes:
            lie = Lie.about(good, depth)
            change(lie)
            return lie.bundle()

        _add(change, code, policy, None, make)
        return change

    return register


def _add(
    change: Callable[..., object], code: str, policy: str, asked: str | None, make: Callable[[Good], bytes]
) -> None:
    name, says = change.__name__, (change.__doc__ or "").strip()
    if name in FAULTS or not says or policy not in POLICIES:
        raise ValueError(f"{name}: a fault has a name of its own, says what is wrong, and is read under a known policy")
    FAULTS[name] = Fault(name=name, code=code, says=says, policy=policy, asked=asked, make=make)
