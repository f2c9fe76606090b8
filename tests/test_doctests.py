"""Every example in a docstring shows real output."""

import doctest
import importlib
import pkgutil

import h2corridor


def test_every_example_in_the_docstrings_of_the_platform_is_true() -> None:
    names = [module.name for module in pkgutil.walk_packages(h2corridor.__path__, "h2corridor.")]
    results = {name: doctest.testmod(importlib.import_module(name)) for name in names}

    assert {} == {name: result for name, result in results.items() if result.failed}
    assert sum(result.attempted for result in results.values()) >= 5
