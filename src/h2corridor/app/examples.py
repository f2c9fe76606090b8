"""Documents to begin with, and the schemas they follow, as they ship in the package."""

from importlib.resources import files
from importlib.resources.abc import Traversable

from h2corridor.model.errors import UsageError

_EXAMPLES = "accounting/examples"


def list_examples() -> list[str]:
    """The names of all examples; what ends in `.csv` is a table, the rest are JSON documents."""
    return sorted(each.name.removesuffix(".json") for each in _folder(_EXAMPLES).iterdir() if each.is_file())


def example_document(name: str) -> str:
    """An example's text; `list` gives the names, one a line.

    Raises
    ------
    UsageError
        `cli.example`: there is no such example.
    """
    names = list_examples()
    if name == "list":
        return "".join(f"{each}\n" for each in names)
    if name not in names:
        fault = f"there is no example {name!r}."
        raise UsageError("cli.example", fault, next_step=f"There are: {', '.join(names)}.")
    file = name if name.endswith(".csv") else f"{name}.json"
    return _folder(_EXAMPLES).joinpath(file).read_text(encoding="utf-8")


def schema_document(document: str) -> str:
    """The JSON schema of a format that rule sets read, `transport-chain/1` or `hydrogen-production/1`."""
    name = f"{document.replace('/', '-')}.json"
    return _folder("accounting/schemas").joinpath(name).read_text(encoding="utf-8")


def _folder(path: str) -> Traversable:
    return files("h2corridor").joinpath(path)
