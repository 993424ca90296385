"""Tracking codes: ten Crockford characters, the last a check symbol, written 7K3M-29QD-XW."""

import hashlib
import hmac
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    """A fresh code of 45 random bits and a check symbol."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return written(body + check_symbol(body))


def code_for_key(key: str, secret: bytes) -> str:
    """The code of a request sent under an idempotency key: the same key always gives the same code."""
    number = int.from_bytes(hmac.new(secret, f"key:{key}".encode(), hashlib.sha256).digest(), "big")
    body = "".join(ALPHABET[(number >> (5 * place)) % 32] for place in range(LENGTH - 1))
    return written(body + check_symbol(body))


def check_symbol(body: str) -> str:
    """The check symbol: odd weights modulo 32, so that every single wrong character shows."""
    return ALPHABET[sum((2 * place + 1) * ALPHABET.index(letter) for place, letter in enumerate(body)) % 32]


def normal(code: str) -> str | None:
    """The code's ten characters, however it was typed, or None when it cannot be a code.

    >>> normal(" 7k3m 29qd-xw") is None
    True
    """
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(CONFUSED)
    if len(plain) != LENGTH or any(letter not in ALPHABET for letter in plain):
        return None
    return plain if check_symbol(plain[:-1]) == plain[-1] else None


def written(plain: str) -> str:
    """The code as people read it: groups of four, four and two."""
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:]}"


def code_hash(code: str, secret: bytes) -> str:
    """What is kept of a code. Without the key nobody can turn it back."""
    plain = normal(code) or code
    return hmac.new(secret, f"code:{plain}".encode(), hashlib.sha256).hexdigest()


def person_key(contact: str, secret: bytes) -> str:
    """A pseudonym of a person's contact or handle, the same each time under one key."""
    return hmac.new(secret, f"person:{contact.strip().casefold()}".encode(), hashlib.sha256).hexdigest()
