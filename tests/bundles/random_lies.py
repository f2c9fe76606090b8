"""Bundles with one random change: by an outsider, or by an operator who repairs all that follows."""

import gzip
import json
from random import Random

from forger import Lie
from h2verify import canonical
from h2verify.errors import VerifyError
from made_bundles import Good
from mutations import change_bytes, change_value
from signing import repair_manifest
from zips import members_of, pack

CANNOT_FOLLOW = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, IndexError, VerifyError)
"""What the forger runs into where a change leaves nothing that could be repaired."""


def with_other_bytes(random: Random, good: Good, depth: str) -> bytes:
    """Bytes of the file changed."""
    return change_bytes(random, good.bundles[depth])


def with_another_document(random: Random, good: Good, depth: str) -> bytes:
    """A value in a document changed by an outsider."""
    members = members_of(good.bundles[depth])
    name = random.choice(sorted(name for name in members if name.endswith(".json")))
    members[name] = canonical.encode(change_value(random, json.loads(members[name])))
    return pack(members if name == "manifest.json" else repair_manifest(members))


def with_another_figure(random: Random, good: Good) -> bytes:
    """A value in the derivation, or in what is shown, changed by an operator; half of them recompute what follows."""
    lie = Lie.about(good, "figure")
    what = random.choice(("figures", "figures", "statement", "identity", "status"))
    if what == "statement":
        lie.at("statement", lambda statement: change_value(random, statement))
    elif what == "status":
        lie.at("status", lambda status: change_value(random, status))
    else:
        setattr(lie, what, change_value(random, getattr(lie, what)))
    if random.random() < 0.5:
        lie.recompute()
    return lie.bundle()


def with_other_records(random: Random, good: Good) -> bytes:
    """A value in activity records, or in the chain, changed by an operator."""
    lie = Lie.about(good, "activity")
    if random.random() < 0.2:
        lie.chain = change_value(random, lie.chain)
    else:
        group = random.choice(lie.groups)
        group.records[:] = change_value(random, group.records)
    return lie.bundle()


def with_other_received_bytes(random: Random, good: Good) -> bytes:
    """Bytes of a received file, or what is opened, changed by an operator."""
    lie = Lie.about(good, "raw")
    lie.unsign()
    file = random.choice(lie.files)
    if file.path.endswith(".gz") and random.random() < 0.7:
        file.data = gzip.compress(change_bytes(random, gzip.decompress(file.data)), mtime=0)
    else:
        file.data = change_bytes(random, file.data)
    if random.random() < 0.2:
        lie.opened = change_value(random, lie.opened)
    return lie.bundle()
