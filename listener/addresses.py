"""Which addresses belong to the public internet: asked before anything is fetched from or sent to a host."""

import ipaddress
import socket


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet.

    >>> is_public("8.8.8.8"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address)
    mapped = getattr(ip, "ipv4_mapped", None)
    real = mapped if mapped is not None else ip
    return real.is_global and not real.is_multicast


def names_private_host(host: str) -> bool:
    """Whether a host is private by its very name or literal address; names are resolved later, by who connects."""
    plain = host.rstrip(".").lower()
    if plain in ("", "localhost") or plain.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not is_public(plain.strip("[]"))
    except ValueError:
        return False


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host, each once, in the order the resolver prefers.

    Raises
    ------
    OSError
        The name is unknown.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
