"""Adding and changing a source by hand: checked like one of a pack; kinds that need a permission begin paused."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from classifiers.text.fold import fold
from listener.catalog.shapes import Source
from listener.catalog.source_kinds import KINDS, faults_by_field, read_options
from listener.errors import SourceRefused
from listener.store import sources as rows
from listener.store import tables as t

LONGEST_SLUG = 60
RESERVED = ("moi", "thu")  # words of addresses below /nguon


def checked(source: Source, written: Mapping[str, str], *, kept: Mapping[str, Any] | None = None) -> Source:
    """The source with the options as somebody wrote them.

    ``kept`` are options of one that stands already, whose short name is settled; None for a new one.

    Raises
    ------
    SourceRefused
        Something is missing or wrong; each field with a sentence.
    """
    options, refused = read_options(source.kind, written)
    url = "" if source.kind == "drop" else source.url.strip()
    whole = Source(
        source.slug.strip(), source.name.strip(), source.kind, url, source.every_minutes, {**(kept or {}), **options}
    )
    wrong = {f"option.{name}": words for name, words in refused.items()}
    for field, words in faults_by_field(whole):
        if field != "slug" or kept is None:
            wrong.setdefault(field, words)
    if wrong:
        raise SourceRefused({field: f"{words[0].upper()}{words[1:]}." for field, words in wrong.items()})
    return whole


def free_slug(session: Session, name: str) -> str:
    """A short name that nobody has, made of a source's name."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in fold(name)).split()
    slug = "-".join(words)[:LONGEST_SLUG].strip("-") or "nguon"
    return rows.free_slug(session, slug if slug not in RESERVED else f"nguon-{slug}")


def add(session: Session, source: Source, written: Mapping[str, str]) -> t.Source:
    """Add a source; it is visited within a minute, unless its kind must be let run by a person first.

    Raises
    ------
    SourceRefused
        Something is wrong with it, or its short name is taken.
    """
    whole = checked(source, written)
    row = t.Source(
        slug=whole.slug,
        name=whole.name,
        kind=whole.kind,
        url=whole.url,
        every_minutes=whole.every_minutes,
        options=dict(whole.options),
        memory={},
        active=not KINDS[whole.kind].off,
    )
    added = rows.add(session, row)
    if added is None:
        raise SourceRefused({"slug": f"Tên ngắn “{whole.slug}” đã có nguồn khác dùng. Chọn tên khác."})
    return added


def changed(row: t.Source, source: Source, written: Mapping[str, str]) -> Source:
    """A source that stands, with other settings; options that no form shows stay as they are.

    Raises
    ------
    SourceRefused
        Something is missing or wrong; each field with a sentence.
    """
    shown = KINDS[row.kind].options
    kept = {name: value for name, value in row.options.items() if name not in shown}
    return checked(Source(row.slug, source.name, row.kind, source.url, source.every_minutes), written, kept=kept)


def change(row: t.Source, source: Source, written: Mapping[str, str]) -> None:
    """Change a source; kind and short name stay, and the next visit is due at once.

    A pause that its server asked for holds on while the address stays with that server.

    Raises
    ------
    SourceRefused
        Something is missing or wrong; nothing was changed.
    """
    whole = changed(row, source, written)
    if rows.host_of(row.url) != rows.host_of(whole.url):
        row.rest_until = None
    row.name, row.url, row.every_minutes = whole.name, whole.url, whole.every_minutes
    row.options, row.next_visit = dict(whole.options), None
