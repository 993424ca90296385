"""Adding a source by hand: checked like one of a pack; kinds that need a permission begin switched off."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from listener.catalog.shapes import Source
from listener.catalog.source_kinds import KINDS, faults_by_field, read_options
from listener.errors import SourceRefused
from listener.store import sources as rows
from listener.store import tables as t


def checked(source: Source, written: Mapping[str, str]) -> Source:
    """The source with the options as somebody wrote them.

    Raises
    ------
    SourceRefused
        Something is missing or wrong; each field with a sentence.
    """
    options, refused = read_options(source.kind, written)
    whole = Source(
        source.slug.strip(), source.name.strip(), source.kind, source.url.strip(), source.every_minutes, options
    )
    wrong = {f"option.{name}": words for name, words in refused.items()}
    for field, words in faults_by_field(whole):
        wrong.setdefault(field, words)
    if wrong:
        raise SourceRefused({field: f"{words[0].upper()}{words[1:]}." for field, words in wrong.items()})
    return whole


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
        url="" if whole.kind == "drop" else whole.url,
        every_minutes=whole.every_minutes,
        options=dict(whole.options),
        memory={},
        active=not KINDS[whole.kind].off,
    )
    added = rows.add(session, row)
    if added is None:
        raise SourceRefused({"slug": f"Tên ngắn “{whole.slug}” đã có nguồn khác dùng. Chọn tên khác."})
    return added
