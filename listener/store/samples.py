"""Rows of sample items: whether they are there, and taking them out whole."""

from collections import defaultdict

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from listener.store import letters
from listener.store import tables as t
from listener.store.sources import file_source


def present(session: Session) -> bool:
    """Whether any sample item is there."""
    return session.scalar(select(t.Item.id).where(t.Item.sample).limit(1)) is not None


def announced(session: Session) -> bool:
    """Whether pages should say that sample items are shown: sample accounts come and go with them, and are few."""
    return session.scalar(select(t.Account.id).where(t.Account.sample, t.Account.active).limit(1)) is not None


def source(session: Session, name: str) -> t.Source:
    """The source a sample post is said to come from; marked as a sample by its slug."""
    return file_source(session, f"mau-{name.lower().replace(' ', '-')}", name)


def remove(session: Session) -> int:
    """Delete sample items, their history, stories left empty, sample sources and accounts; returns how many items."""
    session.execute(text("SET LOCAL listener.erasing = 'on'"))
    mine = select(t.Item.id).where(t.Item.sample)
    _remove_letters(session)
    count = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    session.execute(delete(t.Event).where(t.Event.item_id.in_(mine)))
    session.execute(delete(t.StoryItem).where(t.StoryItem.item_id.in_(mine)))
    session.execute(delete(t.Story).where(t.Story.id.not_in(select(t.StoryItem.story_id))))
    session.execute(delete(t.Item).where(t.Item.sample))
    session.execute(
        delete(t.Source).where(
            t.Source.slug.like("mau-%"),
            t.Source.id.not_in(select(t.Item.source_id).where(t.Item.source_id.is_not(None))),
        )
    )
    session.execute(update(t.Account).where(t.Account.sample).values(active=False, epoch=t.Account.epoch + 1))
    unused = select(t.Account.id).where(
        t.Account.sample,
        t.Account.id.not_in(select(t.Event.account_id).where(t.Event.account_id.is_not(None))),
        t.Account.id.not_in(select(t.Label.account_id).where(t.Label.account_id.is_not(None))),
        t.Account.id.not_in(select(t.Audit.account_id).where(t.Audit.account_id.is_not(None))),
        t.Account.id.not_in(select(t.Assignment.assigned_by).where(t.Assignment.assigned_by.is_not(None))),
        t.Account.id.not_in(select(t.Assignment.accepted_by).where(t.Assignment.accepted_by.is_not(None))),
        t.Account.id.not_in(select(t.RuleSet.made_by).where(t.RuleSet.made_by.is_not(None))),
        t.Account.id.not_in(select(t.RuleActivation.account_id).where(t.RuleActivation.account_id.is_not(None))),
        t.Account.id.not_in(select(t.RuleActivation.cancelled_by).where(t.RuleActivation.cancelled_by.is_not(None))),
        t.Account.id.not_in(select(t.RuleRun.account_id).where(t.RuleRun.account_id.is_not(None))),
    )
    session.execute(delete(t.Account).where(t.Account.id.in_(unused)))
    return count


def _remove_letters(session: Session) -> None:
    """Delete letters that tell of sample items alone and give the numbers at the end of their registers back."""
    real = select(t.LetterItem.letter_id).join(t.Item, t.Item.id == t.LetterItem.item_id).where(~t.Item.sample)
    made_up = select(t.LetterItem.letter_id).join(t.Item, t.Item.id == t.LetterItem.item_id).where(t.Item.sample)
    gone: dict[tuple[str, str, int], set[int]] = defaultdict(set)
    query = delete(t.Letter).where(t.Letter.id.in_(made_up), t.Letter.id.not_in(real))
    for issuer, series, year, number in session.execute(
        query.returning(t.Letter.issuer, t.Letter.series, t.Letter.year, t.Letter.number)
    ):
        gone[issuer, series, year].add(number)
    for register, numbers in gone.items():
        last = letters.last_number(session, *register)
        while last in numbers:
            last -= 1
        letters.set_last(session, *register, last)
