"""Rule profiles: a first draft of one from an edition, and the dialogue about it as a set of documents.

Not here: reading files and verifying signatures (that is `app`), rules and values (those are the edition's).

- Pure: the same documents give the same dialogue, whatever order, name or time they came in.
- A profile changes what is said about a figure, never the figure: a value it asks for waits for a later edition.
- An adopted profile is the one before with the changes of its answers, and nothing else.
"""

from h2corridor.accounting.profiles.dialogue import Dialogue, Signed, read_dialogue, require_answered
from h2corridor.accounting.profiles.drafting import check_against_edition, draft_profile
from h2corridor.accounting.profiles.editing import adopted_profile

__all__ = [
    "Dialogue",
    "Signed",
    "adopted_profile",
    "check_against_edition",
    "draft_profile",
    "read_dialogue",
    "require_answered",
]
