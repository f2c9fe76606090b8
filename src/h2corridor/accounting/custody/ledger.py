"""Double entry in milligrams by origin."""

from collections.abc import Mapping

from h2corridor.model.custody import Posting, PostingKind

PRODUCED, UNKNOWN_SOURCE = "produced", "unknown"
SOURCES = frozenset({PRODUCED, UNKNOWN_SOURCE})
"""Where hydrogen comes from; every other account holds what entered it and did not leave."""

_BY_BATCH = ("batch:", "trailer:")


class KilogramLedger:
    """Postings in the order in which they were made, and what each account holds after them."""

    def __init__(self) -> None:
        self.postings: list[Posting] = []
        self._held: dict[str, dict[str, int]] = {}
        self._issued_mg = 0
        self._total_mg = 0

    def held(self, account: str) -> dict[str, int]:
        """What an account holds, by origin [mg]; before a station is named, an origin is `BATCH@`."""
        return dict(self._held.get(account, {}))

    def held_mg(self, account: str) -> int:
        """What an account holds of all origins [mg]."""
        return sum(self._held.get(account, {}).values())

    def post(
        self,
        kind: PostingKind,
        accounts: tuple[str, str],
        by_origin: Mapping[str, int],
        *,
        at_s: int,
        source: str,
    ) -> None:
        """Move hydrogen from the first account to the second; nothing is posted of nothing.

        Parameters
        ----------
        by_origin : what moves [mg], by the origin that it has once it has moved
        source : the row it rests on, `FILE#ROW`
        """
        moved = {origin: mass for origin, mass in sorted(by_origin.items()) if mass}
        if not moved:
            return
        from_account, to_account = accounts
        assert min(moved.values()) > 0, f"{source}: a posting has no negative part"
        assert to_account not in SOURCES and from_account != to_account, f"{source}: nothing goes back to a source"
        for origin, mass in moved.items():
            self._leave(from_account, _as_held(from_account, origin), mass, source)
            entered = self._held.setdefault(to_account, {})
            held_as = _as_held(to_account, origin)
            entered[held_as] = entered.get(held_as, 0) + mass
            self._total_mg += mass
        assert self._total_mg == self._issued_mg, f"{source}: what is held is not what was issued"
        self.postings.append(
            Posting(
                at_s=at_s, kind=kind, from_account=from_account, to_account=to_account, source=source, by_origin=moved
            )
        )

    def _leave(self, account: str, origin: str, mass: int, source: str) -> None:
        if account in SOURCES:
            self._issued_mg += mass
            return
        held = self._held.get(account, {})
        left = held.get(origin, 0) - mass
        assert left >= 0, f"{source}: {account} would be {-left} mg below zero of {origin!r}"
        held[origin] = left
        if not left:
            del held[origin]
        self._total_mg -= mass


def _as_held(account: str, origin: str) -> str:
    """The origin under which an account holds it: batches and trailers are on no station's way yet."""
    return f"{origin.partition('@')[0]}@" if account.startswith(_BY_BATCH) else origin
