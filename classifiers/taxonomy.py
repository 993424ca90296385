"""What a text can be about and how it can sound: the names, descriptions, cue words and defaults of every label."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

TAXONOMY_FILE = Path(__file__).with_name("taxonomy.toml")


class UnknownLabel(ValueError):
    """The taxonomy has no such topic, field or label: look for a typing error, or add a block to taxonomy.toml."""


class UnknownTopic(UnknownLabel):
    """No topic has this slug: add a ``[[topics]]`` block to taxonomy.toml, or correct the slug."""


class BrokenTaxonomy(ValueError):
    """taxonomy.toml contradicts itself; the message names the block to mend."""


@dataclass(frozen=True, slots=True)
class Label:
    """A value of sentiment, its target, urgency, kind or flag, with the name that people see."""

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


L = TypeVar("L", Field, Topic, Label)


@dataclass(frozen=True)
class Taxonomy:
    """Every label there is, by slug, in the order of the file.

    >>> taxonomy = load_taxonomy()
    >>> taxonomy.topic("den-duong-hong").name
    'Đèn đường, chiếu sáng công cộng hỏng'
    >>> taxonomy.field_of("den-duong-hong")
    'ha-tang-ky-thuat'
    >>> taxonomy.name("khan")
    'Khẩn'
    """

    version: str
    fields: dict[str, Field]
    leaves: dict[str, Topic]
    sentiments: dict[str, Label]
    targets: dict[str, Label]
    urgencies: dict[str, Label]
    kinds: dict[str, Label]
    flags: dict[str, Label]

    @cached_property
    def _labels(self) -> dict[str, Field | Topic | Label]:
        return {
            **self.flags,
            **self.kinds,
            **self.targets,
            **self.urgencies,
            **self.sentiments,
            **self.leaves,
            **self.fields,
        }

    def topic(self, slug: str) -> Topic:
        """The leaf with this slug; raises `UnknownTopic`."""
        try:
            return self.leaves[slug]
        except KeyError:
            raise UnknownTopic(slug) from None

    def field_of(self, slug: str) -> str:
        """The slug of the field to which a leaf belongs; raises `UnknownTopic`."""
        return self.topic(slug).field

    def leaves_of(self, field: str) -> tuple[Topic, ...]:
        """The leaves of a field; raises `UnknownLabel` when there is no such field."""
        found = tuple(leaf for leaf in self.leaves.values() if leaf.field == field)
        if not found:
            raise UnknownLabel(field)
        return found

    def name(self, slug: str) -> str:
        """The Vietnamese name of any field, topic or label; raises `UnknownLabel`."""
        try:
            return self._labels[slug].name
        except KeyError:
            raise UnknownLabel(slug) from None


@cache
def load_taxonomy(path: Path = TAXONOMY_FILE) -> Taxonomy:
    """Read and check a taxonomy file once; the shipped one when no path is given."""
    taxonomy = _build(tomllib.loads(path.read_text(encoding="utf-8")))
    _check(taxonomy)
    return taxonomy


def _build(data: dict[str, Any]) -> Taxonomy:
    return Taxonomy(
        version=data["version"],
        fields=_by_slug([Field(**row) for row in data["fields"]]),
        leaves=_by_slug([_topic(row) for row in data["topics"]]),
        sentiments=_by_slug([Label(**row) for row in data["sentiments"]]),
        targets=_by_slug([Label(**row) for row in data["targets"]]),
        urgencies=_by_slug([Label(**row) for row in data["urgencies"]]),
        kinds=_by_slug([Label(**row) for row in data["kinds"]]),
        flags=_by_slug([Label(**row) for row in data["flags"]]),
    )


def _by_slug(labels: list[L]) -> dict[str, L]:
    found = {label.slug: label for label in labels}
    if len(found) != len(labels):
        slugs = [label.slug for label in labels]
        raise BrokenTaxonomy(f"named twice: {', '.join(sorted({slug for slug in slugs if slugs.count(slug) > 1}))}")
    return found


def _topic(row: dict[str, Any]) -> Topic:
    lists = {key: tuple(value) for key, value in row.items() if isinstance(value, list)}
    try:
        return Topic(**{**row, **lists})
    except TypeError as error:
        raise BrokenTaxonomy(f"topic {row.get('slug', '?')}: {error}") from None


def _check(taxonomy: Taxonomy) -> None:
    """Refuse topics without a field or cues, and defaults that are no labels."""
    for leaf in taxonomy.leaves.values():
        if leaf.field not in taxonomy.fields:
            raise BrokenTaxonomy(f"topic {leaf.slug}: no field {leaf.field!r}")
        if leaf.urgency not in taxonomy.urgencies:
            raise BrokenTaxonomy(f"topic {leaf.slug}: no urgency {leaf.urgency!r}")
        if not leaf.cues:
            raise BrokenTaxonomy(f"topic {leaf.slug}: no cues")
        if unknown := {*leaf.flags, *leaf.flags_by_rule} - taxonomy.flags.keys():
            raise BrokenTaxonomy(f"topic {leaf.slug}: no flags {sorted(unknown)}")
