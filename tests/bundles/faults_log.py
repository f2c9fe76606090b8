"""Faults of the log's checkpoint and proofs (steps 4 and 11) and of the reader's policy (step 5)."""

import json

from forger import Lie
from h2verify import canonical, merkle, note
from policies import cosign
from registry import damaged, operator, outsider
from signing import Document, checkpoint_note, hexes, log_tree, prove, sign_note
from zips import Members

ANOTHER = [b"another", b"log", b"with", b"five", b"entries"]


# Step 4: where the statement stands.


@operator("log.checkpoint")
def forged_checkpoint(lie: Lie) -> None:
    """The checkpoint is signed by another key under the log's name."""
    text = lie.keys.log.key.name

    def change(proof: Document) -> None:
        said = note.parse_note(proof["checkpoint"].encode()).text
        line = note.NoteSignature(
            name=text, key_id=lie.keys.log.key.key_id, signature=lie.keys.stranger.sign(said.encode())
        )
        proof["checkpoint"] = note.format_note(said, [line]).decode()

    lie.at("proof", change)


@operator("log.checkpoint")
def checkpoint_of_another_log(lie: Lie) -> None:
    """Place, checkpoint and proof are another log's."""

    def change(proof: Document) -> Document:
        return prove(ANOTHER, 2, lie.keys.stranger)

    lie.at("proof", change)


@operator("log.checkpoint")
def checkpoint_without_signature(lie: Lie) -> None:
    """The checkpoint is a text that nobody signed."""
    lie.at("proof", lambda proof: proof.update(checkpoint=proof["checkpoint"].partition("\n\n")[0] + "\n"))


@operator("log.checkpoint")
def checkpoint_with_too_many_lines(lie: Lie) -> None:
    """The log's signature stands under its checkpoint a hundred and one times."""

    def change(proof: Document) -> None:
        found = note.parse_note(proof["checkpoint"].encode())
        proof["checkpoint"] = note.format_note(found.text, [*found.signatures] * 101).decode()

    lie.at("proof", change)


@operator("log.checkpoint")
def checkpoint_of_a_size_that_is_none(lie: Lie) -> None:
    """The log signed a checkpoint whose size begins with a zero."""

    def change(proof: Document) -> None:
        text = note.parse_note(proof["checkpoint"].encode()).text
        origin, size, rest = text.split("\n", 2)
        proof["checkpoint"] = sign_note(f"{origin}\n0{size}\n{rest}", lie.keys.log).decode()

    lie.at("proof", change)


@operator("log.origin")
def checkpoint_of_another_origin(lie: Lie) -> None:
    """The log's key signed a checkpoint in another log's name."""

    def change(proof: Document) -> None:
        text = note.parse_note(proof["checkpoint"].encode()).text
        text = text.replace(lie.keys.log.key.name, "other.example/log")
        proof["checkpoint"] = sign_note(text, lie.keys.log).decode()

    lie.at("proof", change)


@operator("log.older-checkpoint")
def older_checkpoint(lie: Lie) -> None:
    """The checkpoint is from before the statement was logged."""
    kept: list[bytes] = []

    def remember(entries: list[bytes]) -> None:
        kept.extend(entries)

    def change(proof: Document) -> None:
        proof["checkpoint"] = checkpoint_note(log_tree(kept[: proof["index"]]), lie.keys.log)

    lie.at("entries", remember)
    lie.at("proof", change)


@operator("log.inclusion")
def wrong_root(lie: Lie) -> None:
    """The log signed a checkpoint with another root."""
    tree = log_tree(ANOTHER)

    def change(proof: Document) -> None:
        size = int(proof["checkpoint"].split("\n")[1])
        text = note.format_checkpoint(note.Checkpoint(origin=lie.keys.log.key.name, size=size, root=tree.root()))
        proof["checkpoint"] = sign_note(text, lie.keys.log).decode()

    lie.at("proof", change)


@operator("log.inclusion")
def statement_never_logged(lie: Lie) -> None:
    """The entry at the statement's place is of another statement."""
    lie.at("entries", _other_statement)


def _other_statement(entries: list[bytes]) -> None:
    index = next(at for at, entry in enumerate(entries) if b"h2corridor/statement/1" in entry)
    entries[index] = canonical.encode({"digest": "00" * 32, "type": "h2corridor/statement/1"})


@operator("log.inclusion")
def proof_at_another_place(lie: Lie) -> None:
    """The statement is said to stand one place further on."""
    lie.at("proof", lambda proof: proof.update(index=proof["index"] + 1))


@operator("log.inclusion")
def proof_with_swapped_hashes(lie: Lie) -> None:
    """Two hashes of the proof changed places."""
    lie.at("proof", lambda proof: proof.update(hashes=[*proof["hashes"][1::-1], *proof["hashes"][2:]]))


@operator("log.inclusion")
def proof_that_is_too_long(lie: Lie) -> None:
    """The proof has a hash more than the tree has levels."""
    lie.at("proof", lambda proof: proof["hashes"].append("00" * 32))


@operator("log.inclusion")
def proof_that_is_empty(lie: Lie) -> None:
    """The proof has no hash."""
    lie.at("proof", lambda proof: proof["hashes"].clear())


# Step 11: the later log.


@outsider("log.checkpoint", depth="activity")
def later_checkpoint_changed(members: Members) -> None:
    """The later checkpoint says another size than the log signed."""
    proofs = json.loads(members["proofs.json"])
    origin, size, rest = proofs["checkpoint"].split("\n", 2)
    proofs["checkpoint"] = f"{origin}\n{int(size) + 1}\n{rest}"
    members["proofs.json"] = canonical.encode(proofs)


@operator("log.consistency", depth="activity")
def inconsistent_later_checkpoint(lie: Lie) -> None:
    """The log was rewritten after the statement: its later tree does not begin with the earlier one."""
    rewritten: list[bytes] = []

    def remember(entries: list[bytes]) -> None:
        rewritten.extend(entries)
        rewritten[0] = b"a file that was received otherwise"

    def change(proofs: Document) -> None:
        tree = log_tree(rewritten)
        proofs["checkpoint"] = checkpoint_note(tree, lie.keys.log)
        proofs["consistency"] = hexes(merkle.consistency_proof(tree.hash_at, tree.size - 1, tree.size))
        for each in proofs["entries"]:
            each["hashes"] = hexes(merkle.inclusion_proof(tree.hash_at, each["index"], tree.size))

    lie.at("entries", remember)
    lie.at("proofs", change)


@operator("log.consistency", depth="activity")
def later_checkpoint_without_proof(lie: Lie) -> None:
    """Nothing shows that the later tree begins with the earlier one."""
    lie.at("proofs", lambda proofs: proofs["consistency"].clear())


@operator("log.consistency", depth="activity")
def later_checkpoint_that_is_earlier(lie: Lie) -> None:
    """The log shrank: the checkpoint of the proofs is older than the statement's."""
    kept: list[bytes] = []

    def change(proofs: Document) -> None:
        entries = [entry for entry in kept if b"h2corridor/activity/1" in entry]
        proofs["checkpoint"] = checkpoint_note(log_tree(entries), lie.keys.log)
        proofs["consistency"] = []
        proofs["entries"] = [{"entry": json.loads(entries[0]), "hashes": [], "index": 0}]

    lie.at("entries", kept.extend)
    lie.at("proofs", change)


@operator("log.checkpoint", depth="activity")
def later_checkpoint_of_another_log(lie: Lie) -> None:
    """The later checkpoint is another log's."""
    lie.at("proofs", lambda proofs: proofs.update(checkpoint=checkpoint_note(log_tree(ANOTHER), lie.keys.stranger)))


@operator("log.inclusion", depth="activity")
def activity_tree_never_logged(lie: Lie) -> None:
    """The activity tree is not the log's entry at its place."""
    place: dict[str, bytes] = {}

    def replace(entries: list[bytes]) -> None:
        index = next(at for at, entry in enumerate(entries) if b"h2corridor/activity/1" in entry)
        place["tree"] = entries[index]
        entries[index] = b'{"digest":"%s","type":"h2corridor/release/1"}' % (b"00" * 32)

    def claim(proofs: Document) -> None:
        each = next(each for each in proofs["entries"] if each["entry"].get("digest") == "00" * 32)
        each["entry"] = json.loads(place["tree"])

    lie.at("entries", replace)
    lie.at("proofs", claim)


@operator("activity.tree", depth="activity")
def activity_tree_of_another_trial(lie: Lie) -> None:
    """The proved activity tree is another than the statement's."""
    lie.at("statement", lambda statement: statement["activity"].update(root="00" * 32))
    lie.at("entries", _swap_tree)


def _swap_tree(entries: list[bytes]) -> None:
    index = next(at for at, entry in enumerate(entries) if b"h2corridor/activity/1" in entry)
    entries[index] = entries[index].replace(b"00" * 32, b"11" * 32)


@operator("activity.tree", depth="activity")
def activity_tree_not_among_the_proofs(lie: Lie) -> None:
    """The proofs leave out the activity tree."""
    lie.at("proofs", lambda proofs: proofs.update(entries=[e for e in proofs["entries"] if "groups" not in e["entry"]]))


@operator("proofs.form", depth="activity")
def proof_of_an_unknown_entry(lie: Lie) -> None:
    """The proofs hold an entry of a type that there is not."""
    lie.at("proofs", lambda proofs: proofs["entries"][0]["entry"].update(type="h2corridor/gift/1"))


# Step 5: the reader's policy.


@damaged("policy.unknown-signer", policy="other-signer")
def unknown_signer(data: bytes) -> bytes:
    """The reader trusts another issuer."""
    return data


@damaged("policy.unknown-log", policy="other-log")
def unknown_log(data: bytes) -> bytes:
    """The reader trusts another log."""
    return data


@damaged("policy.no-signers", policy="without-signers")
def policy_without_signers(data: bytes) -> bytes:
    """The reader's policy names nobody who may issue statements."""
    return data


@damaged("policy.no-log", policy="without-log")
def policy_without_log(data: bytes) -> bytes:
    """The reader's policy names no log."""
    return data


@damaged("policy.form", policy="without-quorum")
def policy_without_quorum(data: bytes) -> bytes:
    """The reader's policy says nothing of a quorum."""
    return data


@damaged("policy.form", policy="empty")
def policy_that_is_empty(data: bytes) -> bytes:
    """The reader's policy has no line."""
    return data


@damaged("policy.form", policy="unknown-keyword")
def policy_with_an_unknown_keyword(data: bytes) -> bytes:
    """A line of the reader's policy means nothing."""
    return data


@damaged("policy.form", policy="two-quorums")
def policy_with_two_quorums(data: bytes) -> bytes:
    """The reader's policy says twice whose cosignatures are needed."""
    return data


@damaged("policy.form", policy="damaged-key")
def policy_with_a_damaged_key(data: bytes) -> bytes:
    """A key in the reader's policy lost its end."""
    return data


@damaged("policy.form", policy="unknown-witness")
def policy_with_an_unknown_witness(data: bytes) -> bytes:
    """A group of the reader's policy has members that nothing describes."""
    return data


@damaged("policy.form", policy="group-of-itself")
def policy_with_a_group_of_itself(data: bytes) -> bytes:
    """A group of the reader's policy is its own member."""
    return data


@damaged("policy.form", policy="too-high-threshold")
def policy_with_a_threshold_nobody_reaches(data: bytes) -> bytes:
    """A group of the reader's policy asks for four of three."""
    return data


@damaged("policy.form", policy="binary")
def policy_that_is_no_text(data: bytes) -> bytes:
    """The reader's policy is no text."""
    return data


@damaged("policy.form", policy="damaged-edition")
def policy_with_a_damaged_edition(data: bytes) -> bytes:
    """The digest of an edition in the reader's policy lost a digit."""
    return data


@damaged("policy.unknown-log", policy="issuer-as-log")
def policy_with_keys_in_each_other_s_place(data: bytes) -> bytes:
    """The reader's policy has the issuer's key as the log's, and the log's as the issuer's."""
    return data


@damaged("policy.quorum", policy="witnessed")
def without_witnesses(data: bytes) -> bytes:
    """The reader asks for two of three witnesses, none cosigned."""
    return data


@operator("policy.quorum", policy="witnessed")
def too_few_witnesses(lie: Lie) -> None:
    """The reader asks for two of three witnesses, one cosigned."""
    lie.at("proof", lambda proof: proof.update(checkpoint=cosign(proof["checkpoint"], "north")))


@operator("policy.quorum", policy="witnessed")
def one_witness_twice(lie: Lie) -> None:
    """The reader asks for two of three witnesses, one cosigned twice."""

    def change(proof: Document) -> None:
        proof["checkpoint"] = cosign(cosign(proof["checkpoint"], "north"), "north", 1_772_700_200)

    lie.at("proof", change)


@operator("policy.quorum", policy="witnessed")
def forged_cosignature(lie: Lie) -> None:
    """Two witnesses cosigned, and a third one's cosignature does not hold."""

    def change(proof: Document) -> None:
        whole = cosign(cosign(cosign(proof["checkpoint"], "north"), "south"), "east")
        parsed = note.parse_note(whole.encode())
        *lines, last = parsed.signatures
        forged = note.NoteSignature(
            name=last.name, key_id=last.key_id, signature=last.signature[:-1] + bytes((last.signature[-1] ^ 1,))
        )
        proof["checkpoint"] = note.format_note(parsed.text, [*lines, forged]).decode()

    lie.at("proof", change)


@operator("policy.quorum", depth="activity", policy="witnessed")
def later_checkpoint_without_witnesses(lie: Lie) -> None:
    """Two of three witnesses cosigned the statement's checkpoint, none the later one."""
    lie.at("proof", lambda proof: proof.update(checkpoint=cosign(cosign(proof["checkpoint"], "north"), "south")))
