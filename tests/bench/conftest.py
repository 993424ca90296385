"""Tests of this folder commit."""

from cleanup import clean_store_after  # noqa: F401 - a fixture of every module
