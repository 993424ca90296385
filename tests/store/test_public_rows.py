"""What the public finds: by words, place and unit; what is near; never what is covered."""

from typing import Any

import pytest
from make import NOON, make_assignment, make_item
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classifiers.text.fold import fold
from listener.route import public_service
from listener.route.public_service import allowed
from listener.route.workflow import OPEN
from listener.store import public
from listener.store import tables as t
from listener.store.public import Spot, Wanted

LAT, LNG = 10.0452, 105.7469
METRE = 1 / 111_195  # of latitude, in degrees
FIELD = "ha-tang-ky-thuat"


def published(session: Session, text: str = "Đèn đường hẻm 51 tắt", **values: Any) -> t.Item:
    item = make_item(
        session,
        text,
        **{"may_publish": True, "state": "assigned", "public_at": NOON, "unit_code": "31120", **values},
    )
    item.public_text = item.public_text or public_service.public_text(item)
    session.flush()
    return item


def spot(**values: Any) -> Spot:
    return Spot(**{"field": FIELD, "unit": None, "street": None, "lat": LAT, "lng": LNG, "exact": True, **values})


def close(session: Session, where: Spot) -> list[tuple[int, int | None]]:
    return [(one.item.id, one.metres) for one in public.near(session, allowed(), where, states=OPEN)]


def test_open_matters_of_the_field_within_300_m_come_nearest_first(session: Session) -> None:
    far = published(session, lat=LAT + 290 * METRE, lng=LNG)
    here = published(session, lat=LAT + 40 * METRE, lng=LNG)
    published(session, lat=LAT + 330 * METRE, lng=LNG)
    published(session, lat=LAT, lng=LNG, state="answered")
    published(session, lat=LAT, lng=LNG, topic="mat-duong-via-he-hu")
    published(session, lat=LAT, lng=LNG, public_at=None, public_text=None)
    assert close(session, spot()) == [(here.id, 40), (far.id, 290)]


def test_no_more_than_five_are_offered(session: Session) -> None:
    for step in range(7):
        published(session, lat=LAT + step * METRE, lng=LNG)
    assert len(close(session, spot())) == 5


def test_the_same_street_of_the_same_ward_is_near_without_any_point(session: Session) -> None:
    named = published(session, "Đèn tắt", place_text="Hẻm 51, đường 3/2")
    published(session, "Đèn tắt", place_text="Hẻm 519")
    published(session, "Đèn tắt", place_text="Hẻm 51", unit_code="31135")
    where = spot(lat=None, lng=None, unit="31120", street="hem 51")
    assert close(session, where) == [(named.id, None)]
    assert close(session, spot(lat=None, lng=None, unit="31120", street=None)) == []


def test_where_it_may_be_a_home_neither_point_nor_typed_place_is_compared(session: Session) -> None:
    loud = {"topic": "karaoke-loa-keo", "lat": LAT, "lng": LNG}
    published(session, "Karaoke hàng xóm ồn", place_text="hẻm 51", **loud)
    said = published(session, "Karaoke hẻm 51 ồn", **loud)
    field = said.field or ""
    assert close(session, spot(field=field, exact=False)) == []
    assert close(session, spot(field=field, exact=False, unit="31120", street="hem 51")) == [(said.id, None)]


def test_words_are_found_without_marks_but_not_under_a_cover(session: Session) -> None:
    item = published(session, "Đèn hẻm 51 TẮT, gọi Bông", masks=[{"start": 20, "end": 24, "type": "person"}])
    item.search_text = fold(item.text)
    session.flush()
    find = lambda words: [one.item.id for one in public.find(session, allowed(), Wanted(words=words))]  # noqa: E731
    assert find(["den", "tat"]) == [item.id]
    assert find(["bong"]) == []
    assert find(["%"]) == find(["_en"]) == []


def test_the_store_folds_letters_as_the_library_does(session: Session) -> None:
    from listener.vietnamese import LETTERS

    text = LETTERS + LETTERS.upper()
    assert session.scalar(select(public._folded(func.cast(text, t.Item.text.type)))) == fold(text)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(fields=[FIELD]), {"lamp"}),
        (Wanted(units=["31135"]), {"road"}),
        (Wanted(departments=["SXD"]), {"road"}),
        (Wanted(states=["answered"]), {"road"}),
        (Wanted(fields=[FIELD], units=["31135"]), set()),
        (Wanted(), {"lamp", "road"}),
    ],
)
def test_filters_narrow_list_and_count_alike(session: Session, wanted: Wanted, found: set[str]) -> None:
    rows = {
        "lamp": published(session),
        "road": published(session, "Ổ gà", topic="mat-duong-via-he-hu", unit_code="31135", state="answered"),
    }
    make_assignment(session, rows["road"], "SXD")
    ids = {rows[name].id for name in found}
    assert {one.item.id for one in public.find(session, allowed(), wanted)} == ids
    assert public.count(session, allowed(), wanted) == len(ids)


def test_supporters_are_the_reports_that_follow(session: Session) -> None:
    root = published(session)
    for values in ({}, {"restricted": True}, {"spam": True}):
        make_item(session, "Tôi cũng gặp", merged_into=root.id, state="merged", **values)
    assert public.supporters(session, [root.id]) == {root.id: 1}
