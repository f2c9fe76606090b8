"""Signatures of suppliers on what they handed over, after they were checked."""

from typing import Literal

import msgspec

SignatureKind = Literal["file-manifest", "telemetry-manifest", "fill"]


class SupplierSignature(msgspec.Struct, frozen=True, kw_only=True):
    """One signature that holds: whose, by which key, on which note.

    `about` is the party whose files a manifest lists, or the fill; `digest` the SHA-256 of the whole note: its
    signatures keep anybody from trying texts against it. A manifest that names telemetry files is a kind of its own.
    """

    kind: SignatureKind
    about: str
    party_id: str
    key: str
    vkey: str
    digest: str
    note: bytes
