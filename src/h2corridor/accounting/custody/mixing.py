"""Batches that claim to be kept apart and were not."""

from collections.abc import Iterable, Mapping

from h2corridor.model.custody import Mixed, Posting

_STORES = ("stock:", "tank:")


def list_mixed(postings: Iterable[Posting], models: Mapping[str, str | None]) -> list[Mixed]:
    """Give where segregated batches truly lay with others, by batch and store.

    Parameters
    ----------
    postings : in their order
    models : the custody model by batch; of hydrogen of unknown origin nobody can say that it is another batch
    """
    held: dict[str, dict[str, int]] = {}
    found: dict[tuple[str, str], Mixed] = {}
    for posting in postings:
        for account, sign in ((posting.from_account, -1), (posting.to_account, 1)):
            if account.startswith(_STORES):
                content = held.setdefault(account, {})
                for origin, mass in posting.by_origin.items():
                    batch = origin.partition("@")[0]
                    content[batch] = content.get(batch, 0) + sign * mass
        if posting.to_account.startswith(_STORES):
            for each in _mixed_in(posting, held[posting.to_account], models):
                found.setdefault((each.batch_id, each.store), each)
    return [found[key] for key in sorted(found)]


def _mixed_in(posting: Posting, content: Mapping[str, int], models: Mapping[str, str | None]) -> Iterable[Mixed]:
    batches = {batch: mass for batch, mass in content.items() if batch and mass > 0}
    for batch in batches:
        others = {other: amount for other, amount in batches.items() if other != batch}
        if models.get(batch) == "segregated" and others:
            other = max(sorted(others), key=lambda name: others[name])
            yield Mixed(
                batch_id=batch,
                other_batch_id=other,
                store=posting.to_account.partition(":")[2],
                at_s=posting.at_s,
            )
