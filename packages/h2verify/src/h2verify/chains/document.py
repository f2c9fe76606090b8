"""What the documents written here have in common."""

from typing import Any


def said(**fields: Any) -> dict[str, Any]:
    """Give an object of a document: what is absent, an empty text or an empty list does not stand in it."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [])}
