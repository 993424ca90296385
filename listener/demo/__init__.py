"""Sample items and accounts, so that every page is alive at the first start; removable with one command."""

from listener.demo.accounts import first_accounts
from listener.demo.items import load, load_if_absent, remove

__all__ = ["first_accounts", "load", "load_if_absent", "remove"]
