"""When two web addresses are one: the one form under which a page is known, whoever links to it and how."""

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# Parameters that tell where a reader came from, never which page it is.
_TRACKING = re.compile(
    r"utm_\w+|mc_[ce]id|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|zarsrc|zalo\w*|igshid|igsh|_ga|_gl"
    r"|ref_src|ref_url|referrer|spm|cmpid|ocid|amp|outputtype|gidzl",
    re.IGNORECASE,
)
_DOORS = ("www.", "m.", "mobile.", "amp.", "wap.")  # the same house by another door
_PORTS = {"http": 80, "https": 443}
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_AMP = re.compile(r"(?:/amp|\.amp)(?=/?$|\.html?$)", re.IGNORECASE)
LONGEST = 2_000


def canonical(address: str | None) -> str | None:
    """The form under which a page is known; None for what is no web address. Applying it twice changes nothing.

    Scheme, ``www.``, ``m.`` and ``amp.``, default ports, fragments, tracking parameters, the order of the others, a
    trailing slash and the case of percent signs do not matter; the case of a path does.

    >>> canonical("http://M.Bao.VN:80/tin/Ng%c3%a3-ba/?utm_source=zalo&id=7#doc-tiep")
    'https://bao.vn/tin/Ng%C3%A3-ba?id=7'
    """
    try:
        parts = urlsplit((address or "").strip())
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    place = host if port in (None, _PORTS["http"], _PORTS["https"]) else f"{host}:{port}"
    made = urlunsplit(("https", place, _path(parts.path), _query(parts.query), ""))
    return made if len(made) <= LONGEST else None


def without_tracking(address: str) -> str:
    """An address without its fragment and without what only tells where a reader came from.

    >>> without_tracking("https://a.vn/b?id=3&utm_source=x#top")
    'https://a.vn/b?id=3'
    """
    parts = urlsplit(address)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in asked if not _TRACKING.fullmatch(name)]
    return urlunsplit(parts._replace(query=parts.query if kept == asked else urlencode(kept), fragment=""))


def named_by_page(address: str | None, told: str | None) -> str | None:
    """The address of a page that names its own (``rel=canonical``): that, if it is in its house."""
    if told is None or address is None:
        return address
    own, said = canonical(address), canonical(told)
    if own is None or said is None:
        return address
    one, other = urlsplit(own), urlsplit(said)
    return told.strip() if one.netloc == other.netloc and (other.path != "" or _is_front(one)) else address


def _is_front(parts: SplitResult) -> bool:
    return parts.path == "" and not parts.query


def _host(name: str) -> str:
    host = name.rstrip(".").lower()
    while (door := next((door for door in _DOORS if host.startswith(door)), None)) and "." in host[len(door) :]:
        host = host[len(door) :]
    return f"[{host}]" if ":" in host else host


def _path(path: str) -> str:
    plain = _ENCODED.sub(lambda match: _percent(match[0]), quote(path, safe="/%:@!$&'()*+,;=~-._"))
    while (shorter := _AMP.sub("", plain).rstrip("/")) != plain:
        plain = shorter
    return plain


def _percent(code: str) -> str:
    """An encoded sign in capitals; plain where it needs no encoding."""
    letter = unquote(code, errors="replace")
    return letter if letter.isascii() and (letter.isalnum() or letter in "-._~") else code.upper()


def _query(query: str) -> str:
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _TRACKING.fullmatch(name)]
    return urlencode(sorted(kept))
