"""Which addresses belong to the public internet: asked before anything is fetched from or sent to a host."""

import ipaddress
import socket

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet.

    >>> is_public("8.8.8.8"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    real = _real(address)
    return real.is_global and not real.is_multicast


def is_reserved(host: str) -> bool:
    """Whether a literal address is for the machine's own plumbing: nobody's source, not even of an intranet.

    >>> is_reserved("169.254.169.254"), is_reserved("10.0.0.1"), is_reserved("intranet")
    (True, False, False)
    """
    try:
        real = _real(host.strip("[]"))
    except ValueError:
        return False
    return real.is_link_local or real.is_multicast or real.is_unspecified


def _real(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address that is meant: IPv4 addresses are also written within IPv6 (mapped, 6to4, NAT64)."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


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
