"""The sender's identity, encrypted apart from the matter."""

import base64
import hashlib
import json

from cryptography.fernet import Fernet

from listener.collect.found import NewReport


def identity_of(report: NewReport) -> dict[str, str]:
    """What the sender gave of themselves; empty for an anonymous report."""
    given = {"name": report.name, "phone": report.phone, "email": report.email}
    return {name: value.strip() for name, value in given.items() if value and value.strip()}


def seal(identity: dict[str, str], secret: bytes) -> bytes:
    """Encrypt an identity under a key derived from the service's secret."""
    return _cipher(secret).encrypt(json.dumps(identity, ensure_ascii=False).encode())


def unseal(sealed: bytes, secret: bytes) -> dict[str, str]:
    """Decrypt an identity."""
    opened: dict[str, str] = json.loads(_cipher(secret).decrypt(sealed))
    return opened


def _cipher(secret: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"identity:" + secret).digest()))
