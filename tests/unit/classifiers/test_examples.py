"""The examples in the docstrings are run; those of the reader need the served models and run in tests/quality."""

import doctest
import importlib
import pkgutil

import pytest

import classifiers

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(classifiers.__path__, "classifiers.")
    if module.name not in {"classifiers.reader"}
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0
