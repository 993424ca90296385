"""Rules as predicates: each question a pure, total function of a case, bounded by the lengths that the shapes allow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from classifiers.taxonomy import Taxonomy
from listener.catalog.routing import RoutingRule, RuleSet
from listener.catalog.rule_checks import broken, topics_of
from listener.catalog.shapes import Catalog
from listener.catalog.terms import Words, term
from listener.route.case import Case

Predicate = Callable[[Case], bool]
BROKEN, TOPICS, FITS = "broken", "topics", ""
# A catalogue is read anew for each request; what was compiled for the last few is kept.
MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule ready to be asked. ``problem`` says why it is skipped; ``topics`` None where any topic will do."""

    rule: RoutingRule
    asks: tuple[tuple[str, Predicate], ...]
    topics: frozenset[str] | None
    problem: str = ""

    def failing(self, case: Case) -> str:
        """The first question that the case does not answer, topics apart; ``""`` when it fits."""
        if self.problem:
            return BROKEN
        try:
            return next((question for question, fits in self.asks if not fits(case)), FITS)
        except Exception:  # whatever a rule holds, an item is never lost by it: skipped, told, alerted
            return BROKEN

    def takes(self, topic: str) -> bool:
        """Whether a topic is among those it asks for."""
        return self.topics is None or topic in self.topics


@dataclass(frozen=True, slots=True)
class Asked:
    """Rules in order, each with the first question that a case does not answer."""

    rules: tuple[Ready, ...]
    failing: tuple[str, ...]

    def first(self, topic: str) -> int | None:
        """The place of the first rule that fits, were this the topic."""
        pairs = enumerate(zip(self.rules, self.failing, strict=True))
        return next((at for at, (ready, failed) in pairs if failed == FITS and ready.takes(topic)), None)

    def whatever_topic(self) -> int | None:
        """The place of the rule that fits whatever the topic is, None where the topic matters."""
        pairs = enumerate(zip(self.rules, self.failing, strict=True))
        at = next((at for at, (_, failed) in pairs if failed == FITS), None)
        return at if at is not None and self.rules[at].topics is None else None

    def before(self, at: int | None) -> Iterator[tuple[RoutingRule, str]]:
        """The rules before a place and the question by which each did not fit; all for None."""
        for ready, failed in list(zip(self.rules, self.failing, strict=True))[:at]:
            yield ready.rule, failed or TOPICS

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of the rules that were skipped because they cannot be used."""
        return tuple(r.rule.name for r, failed in zip(self.rules, self.failing, strict=True) if failed == BROKEN)


def ask(case: Case, catalog: Catalog, taxonomy: Taxonomy) -> Asked:
    """Ask every rule in force on the case's day."""
    rules = ready_rules(catalog.rules_on(case.on), catalog, taxonomy)
    return Asked(rules, tuple(ready.failing(case) for ready in rules))


_kept: dict[tuple[int, int, int], tuple[tuple[Ready, ...], Any]] = {}


def ready_rules(rules: RuleSet, catalog: Catalog, taxonomy: Taxonomy) -> tuple[Ready, ...]:
    """The rules of a set ready to be asked, made once for a set and a catalogue."""
    key = (id(rules), id(catalog), id(taxonomy))
    known = _kept.get(key)
    if known is None:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        # The things themselves are kept beside, so that no other thing gets their identity meanwhile.
        known = (tuple(_ready(rule, catalog, taxonomy) for rule in rules.rules), (rules, catalog, taxonomy))
        _kept[key] = known
    return known[0]


def _ready(rule: RoutingRule, catalog: Catalog, taxonomy: Taxonomy) -> Ready:
    problem = broken(rule, catalog, taxonomy)
    if problem:
        return Ready(rule, (), None, problem)
    asks_topic = rule.topics or rule.fields
    return Ready(rule, tuple(_asks(rule)), topics_of(rule, taxonomy) if asks_topic else None)


def _asks(rule: RoutingRule) -> Iterator[tuple[str, Predicate]]:
    """The questions of a rule, cheap ones first."""
    if rule.valid_from or rule.valid_to:
        yield "dates", lambda case: rule.holds(case.on)
    for name, attribute in (("kinds", "kind"), ("urgencies", "urgency"), ("channels", "channel"), ("areas", "area")):
        if getattr(rule, name):
            yield name, _is_one_of(frozenset(getattr(rule, name)), attribute)
    if rule.weekdays:
        yield "weekdays", _is_one_of(frozenset(rule.weekdays), "weekday")
    if rule.hour_from is not None:
        yield "hours", _is_one_of(rule.hours_of_day, "hour")
    for name in ("flags", "place_types", "asset_owners"):
        if getattr(rule, name):
            yield name, _shares(frozenset(getattr(rule, name)), name)
    if rule.place_words:
        yield "place_words", _has_words(tuple(map(term, rule.place_words)), "place")
    if rule.words:
        yield "words", _has_words(tuple(map(term, rule.words)), "text")


def _is_one_of(values: frozenset[Any], attribute: str) -> Predicate:
    return lambda case: getattr(case, attribute) in values


def _shares(values: frozenset[str], attribute: str) -> Predicate:
    return lambda case: not values.isdisjoint(getattr(case, attribute))


def _has_words(terms: tuple[Words, ...], attribute: str) -> Predicate:
    def found(case: Case) -> bool:
        text: Words = getattr(case, attribute)
        return any(text.has(one) for one in terms)

    return found
