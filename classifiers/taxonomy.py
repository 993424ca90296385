"""What a text can be about and how it can sound: the names, descriptions, cue words and defaults of every label."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

TAXONOMY_FILE = Path(__file__).with_name("taxonomy.toml")


class UnknownLabel(ValueError):
    """The taxonomy has no such topic, field or label: look for a typing error, or add a block to taxonomy.toml."""


class UnknownTopic(UnknownLabel):
    """No topic has this slug: add a ``[[topics]]`` block to taxonomy.toml, or correct the slug."""


class BrokenTaxonomy(ValueError):
    """taxonomy.toml contradicts itself; the message names the block to mend."""


@dataclass(frozen=True, slots=True)
class Label:
    """A value of sentiment, urgency, kind or flag, with the name that people see."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """A group of topics, for instance all of waste."""

    slug: str
    name: str
    english: str


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text is about (a leaf): its names, cue words, default urgency and flags.

    ``flags_by_rule`` holds flags that the topic invites but that need a word of their own in the text.
    """

    slug: str
    field: str
    name: str
    english: str
    description: str
    urgency: str
    cues: tuple[str, ...]
    flags: tuple[str, ...] = ()
    flags_by_rule: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taxonomy:
    """Every label there is, in the order of the file.

    >>> taxonomy = load_taxonomy()
    >>> taxonomy.topic("den-duong-hong").name
    'Đèn đường, chiếu sáng công cộng hỏng'
    >>> taxonomy.field_of("den-duong-hong")
    'ha-tang-ky-thuat'
    >>> taxonomy.name("khan")
    'Khẩn'
    """

    version: str
    fields: tuple[Field, ...]
    leaves: tuple[Topic, ...]
    sentiments: tuple[Label, ...]
    urgencies: tuple[Label, ...]
    kinds: tuple[Label, ...]
    flags: tuple[Label, ...]

    @cached_property
    def slugs(self) -> tuple[str, ...]:
        """The slugs of the leaves, in order."""
        return tuple(leaf.slug for leaf in self.leaves)

    @cached_property
    def _topics(self) -> dict[str, Topic]:
        return {leaf.slug: leaf for leaf in self.leaves}

    @cached_property
    def _names(self) -> dict[str, str]:
        labels = (*self.fields, *self.leaves, *self.sentiments, *self.urgencies, *self.kinds, *self.flags)
        return {label.slug: label.name for label in labels}

    def topic(self, slug: str) -> Topic:
        """The leaf with this slug; raises `UnknownTopic`."""
        try:
            return self._topics[slug]
        except KeyError:
            raise UnknownTopic(slug) from None

    def field_of(self, slug: str) -> str:
        """The slug of the field to which a leaf belongs; raises `UnknownTopic`."""
        return self.topic(slug).field

    def leaves_of(self, field: str) -> tuple[Topic, ...]:
        """The leaves of a field; raises `UnknownLabel` when there is no such field."""
        found = tuple(leaf for leaf in self.leaves if leaf.field == field)
        if not found:
            raise UnknownLabel(field)
        return found

    def name(self, slug: str) -> str:
        """The Vietnamese name of any field, topic or label; raises `UnknownLabel`."""
        try:
            return self._names[slug]
        except KeyError:
            raise UnknownLabel(slug) from None


@cache
def load_taxonomy(path: Path = TAXONOMY_FILE) -> Taxonomy:
    """Read and check a taxonomy file once; the shipped one when no path is given."""
    taxonomy = _build(tomllib.loads(path.read_text(encoding="utf-8")))
    _check(taxonomy)
    return taxonomy


def _build(data: dict[str, Any]) -> Taxonomy:
    def labels(key: str) -> tuple[Label, ...]:
        return tuple(Label(**row) for row in data[key])

    return Taxonomy(
        version=data["version"],
        fields=tuple(Field(**row) for row in data["fields"]),
        leaves=tuple(_topic(row) for row in data["topics"]),
        sentiments=labels("sentiments"),
        urgencies=labels("urgencies"),
        kinds=labels("kinds"),
        flags=labels("flags"),
    )


def _topic(row: dict[str, Any]) -> Topic:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    try:
        return Topic(**{**row, **lists})
    except TypeError as error:
        raise BrokenTaxonomy(f"topic {row.get('slug', '?')}: {error}") from None


def _check(taxonomy: Taxonomy) -> None:
    """Refuse doubled slugs, topics without a field or cues, and defaults that are no labels."""
    fields = {field.slug for field in taxonomy.fields}
    urgencies = {label.slug for label in taxonomy.urgencies}
    flags = {label.slug for label in taxonomy.flags}
    if len(set(taxonomy.slugs)) != len(taxonomy.slugs):
        doubled = sorted({slug for slug in taxonomy.slugs if taxonomy.slugs.count(slug) > 1})
        raise BrokenTaxonomy(f"topics named twice: {', '.join(doubled)}")
    for leaf in taxonomy.leaves:
        if leaf.field not in fields:
            raise BrokenTaxonomy(f"topic {leaf.slug}: no field {leaf.field!r}")
        if leaf.urgency not in urgencies:
            raise BrokenTaxonomy(f"topic {leaf.slug}: no urgency {leaf.urgency!r}")
        if not leaf.cues:
            raise BrokenTaxonomy(f"topic {leaf.slug}: no cues")
        if unknown := {*leaf.flags, *leaf.flags_by_rule} - flags:
            raise BrokenTaxonomy(f"topic {leaf.slug}: no flags {sorted(unknown)}")
