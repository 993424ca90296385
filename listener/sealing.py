"""What is kept encrypted: identities of senders, secrets of receivers. Each purpose has a key of its own.

Several keys may be in force while one takes over.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, MultiFernet

Secrets = bytes | Sequence[bytes]  # newest first: the first seals, every one opens


def seal(value: Any, secrets: Secrets, *, purpose: str = "identity") -> bytes:
    """Encrypt plain data under the newest key."""
    return _ring(secrets, purpose).encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(sealed: bytes, secrets: Secrets, *, purpose: str = "identity") -> Any:
    """Decrypt plain data.

    Raises
    ------
    cryptography.fernet.InvalidToken
        It was sealed under a key that is not among these, or for another purpose.
    """
    return json.loads(_ring(secrets, purpose).decrypt(sealed))


def reseal(sealed: bytes, secrets: Secrets, *, purpose: str = "identity") -> bytes:
    """The same data under the newest key; raises as ``unseal`` does."""
    return _ring(secrets, purpose).rotate(sealed)


def key_id(secrets: Secrets, *, purpose: str = "identity") -> str:
    """A short name of the newest key, by which rows under older ones are found; tells nothing of the key."""
    return hashlib.sha256(b"name:" + _key(_all(secrets)[0], purpose)).hexdigest()[:12]


def _ring(secrets: Secrets, purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(secret, purpose)) for secret in _all(secrets)])


def _all(secrets: Secrets) -> Sequence[bytes]:
    return [secrets] if isinstance(secrets, bytes) else secrets


def _key(secret: bytes, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:".encode() + secret).digest())
