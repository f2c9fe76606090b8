"""Every example in a docstring shows real output."""

import doctest
import importlib
import pkgutil
from types import ModuleType

import h2corridor

EXTRAS = {"nats", "pyspark"}
"""What a module may want that is not installed with the platform."""


def _imported() -> dict[str, ModuleType]:
    modules: dict[str, ModuleType] = {}
    for module in pkgutil.walk_packages(h2corridor.__path__, "h2corridor.", onerror=_let_extras_be_absent):
        try:
            modules[module.name] = importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            if error.name not in EXTRAS:
                raise
    return modules


def _let_extras_be_absent(name: str) -> None:
    assert name in ("h2corridor.store.jetstream", "h2corridor.store.spark"), name


def test_every_example_in_the_docstrings_of_the_platform_is_true() -> None:
    results = {name: doctest.testmod(module) for name, module in _imported().items()}

    assert {} == {name: result for name, result in results.items() if result.failed}
    assert sum(result.attempted for result in results.values()) >= 5
