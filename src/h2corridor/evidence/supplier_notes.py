"""Signing what a supplier hands over: a line more on a signed note, by the supplier's own key."""

from h2verify import note
from h2verify.errors import ProofError

from h2corridor.evidence.keys import LogSigner
from h2corridor.model.errors import InputError


def add_signature(text: str, signer: LogSigner, *, existing: bytes | None, about: str) -> bytes:
    """The note over this text with the signer's line; lines of other keys stay.

    Parameters
    ----------
    text
        What is signed; ends with a line feed.
    existing
        The note as it stands, or None where there is none yet.
    about
        The note's file, for messages.

    Raises
    ------
    InputError
        `sign.other-text`: the existing note says something else; `sign.damaged-note`: it is no note.
    """
    others: list[note.NoteSignature] = []
    if existing is not None:
        try:
            found = note.parse_note(existing)
        except ProofError as error:
            next_step = "Remove the file and let every party sign again."
            raise InputError("sign.damaged-note", error.fault, about=about, next_step=next_step) from error
        if found.text != text:
            fault = "it was signed over other content than the data set holds now."
            next_step = "Remove the file and let every party sign again."
            raise InputError("sign.other-text", fault, about=about, next_step=next_step)
        others = [line for line in found.signatures if (line.name, line.key_id) != (signer.key.name, signer.key.key_id)]
    line = note.NoteSignature(name=signer.key.name, key_id=signer.key.key_id, signature=signer.sign(text.encode()))
    return note.format_note(text, [*others, line])
