"""What is kept encrypted: identities of senders, secrets of receivers. Each purpose has a key of its own."""

import base64
import hashlib
import json
from typing import Any

from cryptography.fernet import Fernet


def seal(value: Any, secret: bytes, *, purpose: str = "identity") -> bytes:
    """Encrypt plain data under a key derived from the service's secret and the purpose."""
    return _cipher(secret, purpose).encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal(sealed: bytes, secret: bytes, *, purpose: str = "identity") -> Any:
    """Decrypt plain data.

    Raises
    ------
    cryptography.fernet.InvalidToken
        It was sealed under another secret or for another purpose.
    """
    return json.loads(_cipher(secret, purpose).decrypt(sealed))


def _cipher(secret: bytes, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:".encode() + secret).digest()))
