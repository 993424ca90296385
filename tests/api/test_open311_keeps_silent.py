"""Whatever lies in the store, no Open311 answer holds a masked stretch, a person, or a matter that may not be shown."""

from itertools import count, cycle
from typing import Any

import pytest
from fastapi.testclient import TestClient
from georeport_answers import V2, read
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from make import NOON, make_assignment, make_item
from sqlalchemy.orm import Session

from classifiers.text.privacy import find_personal
from listener.collect import codes
from listener.route import public_service
from listener.sealing import seal
from listener.settings import settings as service_settings
from listener.store import tables as t
from listener.web import deps

SHOWN = ["triage", "assigned", "accepted", "waiting_citizen", "answered", "closed", "refused"]
STATES = ["new", "read", "listed", "restricted", "merged", *SHOWN]
KINDS = ["phan_anh", "gop_y", "khen", "hoi_dap", "khieu_nai", "to_cao", "spam", None]
FLAGS = ["to_cao", "tre_em", "tin_bao_toi_pham", "khieu_nai", "pakn_quy_dinh"]
TOPICS = ["den-duong-hong", "karaoke-loa-keo", "trom-cuop", "nhung-nhieu-tieu-cuc", "khong-du-thong-tin"]
# Half of what is made could be shown, so that both sides are met.
MATTER = st.fixed_dictionaries(
    {
        "state": st.one_of(st.sampled_from(SHOWN), st.sampled_from(STATES)),
        "kind": st.one_of(st.sampled_from(["phan_anh", "gop_y", "khen"]), st.sampled_from(KINDS)),
        "topic": st.one_of(st.sampled_from(TOPICS[:2]), st.sampled_from(TOPICS)),
        "flags": st.one_of(st.just([]), st.lists(st.sampled_from(FLAGS), unique=True, max_size=2)),
        "restricted": st.sampled_from([False, False, False, True]),
        "spam": st.sampled_from([False, False, False, True]),
        "may_publish": st.sampled_from([True, True, True, False]),
        "public_at": st.sampled_from([NOON, NOON, NOON, None]),
        "before": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
        "after": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30),
    }
)
_serial = count(1)


def may_be_seen(matter: dict[str, Any]) -> bool:
    """The rule in words: a person published it, and it is harmless and agreed to still."""
    return (
        matter["public_at"] is not None
        and matter["state"] in SHOWN
        and matter["kind"] not in ("khieu_nai", "to_cao")
        and matter["topic"] in ("den-duong-hong", "karaoke-loa-keo")
        and set(matter["flags"]) <= {"pakn_quy_dinh"}
        and not matter["restricted"]
        and not matter["spam"]
        and matter["may_publish"]
    )


def keep(session: Session, matter: dict[str, Any]) -> tuple[t.Item, str, str, str]:
    """The matter in the store with a secret masked in its text, one in its place, a sender, an answer with a phone."""
    number = next(_serial)
    secret, phone, code = f"BIMAT{number:06d}X", f"0538{number:06d}", codes.new_code()
    words = {name: value for name, value in matter.items() if name not in ("before", "after")}
    item = make_item(
        session,
        f"{matter['before']}{secret}{matter['after']}",
        masks=[{"start": len(matter["before"]), "end": len(matter["before"]) + len(secret), "type": "person"}],
        place_text=f"hẻm 51, gọi {phone}",
        code_hash=codes.code_hash(code, service_settings().secret()),
        media_url=f"http://127.0.0.1:9/{secret}",
        **words,
    )
    item.public_text = public_service.public_text(item) if item.public_at else None
    desk = make_assignment(session, item)
    desk.answer, desk.answered_at = f"Đã thay bóng đèn, hỏi thêm số {phone}.", NOON
    sealed = seal({"name": secret, "phone": phone}, service_settings().secret())
    session.add(t.Sender(item_id=item.id, sealed=sealed, person_key=secret))
    session.flush()
    return item, secret, phone, code


@pytest.fixture
def noon(client: TestClient) -> None:
    client.app.dependency_overrides[deps.clock] = lambda: NOON  # type: ignore[attr-defined]


def lists(client: TestClient, fmt: str) -> list[Any]:
    """The lists that could name anything."""
    queries = ["", "?status=open,closed&extensions=true", "?updated_after=2026-11-01T00:00:00Z"]
    return [client.get(f"{V2}/requests.{fmt}{query}") for query in queries]


def of_one(client: TestClient, item: t.Item, fmt: str) -> list[Any]:
    """The answers that speak of one matter: by id in a list, alone."""
    paths = [
        f"/requests.{fmt}?service_request_id={item.public_id}",
        f"/requests/{item.public_id}.{fmt}?extensions=true",
    ]
    return [client.get(V2 + path) for path in paths]


# An example asks the whole application some twenty times, so a failure is told as found, not made smaller.
@settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(MATTER, min_size=1, max_size=4))
def test_no_answer_ever_holds_what_is_masked_restricted_or_not_agreed_to(
    client: TestClient, session: Session, noon: None, matters: list[dict[str, Any]]
) -> None:
    with session.begin_nested() as kept:
        made = [(matter, *keep(session, matter)) for matter in matters]
        seen = {item.public_id for matter, item, *_ in made if may_be_seen(matter)}
        answers = [answer for fmt in ("json", "xml") for answer in lists(client, fmt)]
        assert {row["service_request_id"] for row in read(answers[0])} == seen
        for (matter, item, secret, phone, code), fmt in zip(made, cycle(["json", "xml"]), strict=False):
            own = of_one(client, item, fmt)
            assert [answer.status_code for answer in own] == [200 if may_be_seen(matter) else 404] * 2
            texts = [answer.text for answer in (*answers, *own)]
            assert not any(word in text for text in texts for word in (secret, phone, item.number))
            token = client.get(f"{V2}/tokens/{code}.{fmt}")  # alike for every matter: who has the code has the id
            assert read(token) == [{"service_request_id": item.public_id, "token": code}]
            assert may_be_seen(matter) == any(item.public_id in text for text in texts)
        kept.rollback()


def test_the_phone_of_that_test_is_one_that_the_service_would_find() -> None:
    assert find_personal("hẻm 51, gọi 0538000001")
