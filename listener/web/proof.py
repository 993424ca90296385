"""Proof of work, in the manner of hashcash: a signed challenge, and a number that makes its digest begin with zeros."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from listener.errors import BadInput

LIFE = timedelta(hours=2)  # a long text on a slow network still fits
VERSION = "1"
MOST_DIGITS = 12  # of the number; 2**24 tries need eight
HARDER_AFTER, HARDEST = 2, 5  # each two more challenges of one address in an hour double the work, up to 32 times


@dataclass(frozen=True, slots=True)
class Challenge:
    """What was asked: once usable, by ``nonce``; ``bits`` zeros; until when."""

    nonce: str
    bits: int
    expires_at: datetime


def issue(secret: bytes, *, nonce: str, bits: int, now: datetime) -> str:
    """A challenge as it is handed out: version, nonce, bits and end, signed."""
    words = f"{VERSION}.{nonce}.{bits}.{int((now + LIFE).timestamp())}"
    return f"{words}.{_signature(secret, words)}"


def checked(secret: bytes, proof: str, *, now: datetime) -> Challenge:
    """The challenge that a proof solves. Whether it was used before is the store's to say.

    Raises
    ------
    BadInput
        It is no proof, not signed by us, past its end, or its digest has too few zeros.
    """
    challenge, _, number = proof.rpartition(".")
    words, _, signature = challenge.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(secret, words).encode()):
        raise BadInput("Bằng chứng gửi kèm không do trang này cấp.", field="proof")
    _, nonce, bits, end = words.split(".")
    found = Challenge(nonce, int(bits), datetime.fromtimestamp(int(end), UTC))
    if now >= found.expires_at:
        raise BadInput("Bằng chứng gửi kèm đã quá hạn.", field="proof")
    counted = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    if not counted or zeros(proof) < found.bits:
        raise BadInput("Bằng chứng gửi kèm chưa đủ.", field="proof")
    return found


def zeros(proof: str) -> int:
    """With how many zero bits the digest of a proof begins."""
    digest = int.from_bytes(hashlib.sha256(proof.encode()).digest(), "big")
    return 256 - digest.bit_length()


def bits_for(base: int, asked: int) -> int:
    """How many zeros are asked of an address that had so many challenges in the past hour."""
    return base + min(asked // HARDER_AFTER, HARDEST)


def _signature(secret: bytes, words: str) -> str:
    return hmac.digest(secret, f"proof:{words}".encode(), "sha256").hex()[:32]
