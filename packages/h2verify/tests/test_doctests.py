"""Every example in a docstring shows real output."""

import doctest
import importlib
import pkgutil

import h2verify


def test_every_example_in_the_docstrings_of_h2verify_is_true() -> None:
    names = [module.name for module in pkgutil.walk_packages(h2verify.__path__, "h2verify.")]
    results = {name: doctest.testmod(importlib.import_module(name)) for name in ("h2verify", *names)}

    assert {} == {name: result for name, result in results.items() if result.failed}
    assert sum(result.attempted for result in results.values()) >= 5
    assert results["h2verify.hydrogen"].attempted
    assert results["h2verify.geodesy"].attempted
