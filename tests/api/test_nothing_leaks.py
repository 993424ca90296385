"""A suspected denunciation is nowhere; phone numbers, ID numbers, addresses and names never leave."""

import json
import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from reach import ACTORS, REACH
from sqlalchemy.orm import Session
from structlog.testing import capture_logs
from test_who_may_what import address, app, town
from town import GIVES, PRIVATE, Town, words_in

from classifiers.text.fold import fold
from listener import pipeline
from listener.catalog import service as catalog_service
from listener.classify import service as classifying
from listener.retrain import service as retraining
from listener.route import desk_service
from listener.route.workflow import Actor

__all__ = ["app", "town"]
READS = [line for line in sorted(REACH) if line.startswith("GET ")]
TRACES = [fold(private) for private in PRIVATE]


def reads(town: Town, kind: str, *, query: str) -> Iterator[tuple[str, str]]:
    """Every GET of who may make it, searched for a word: who, and all that can be read out of the answer."""
    matter = town.matters[kind]
    for line in READS:
        actors = sorted(REACH[line])  # that the others are turned away is proved elsewhere
        if len(actors) == len(ACTORS):
            actors = ["anonymous", "officer"]
        if line.endswith((".pdf", ".docx", ".xlsx")):
            actors = ["press"]
        for actor in actors:
            method, path = address(line, matter, town)
            with town.undone():
                yield (
                    f"{actor} {line}",
                    words_in(town.go(actor, method, path, params={"q": query, "muc": matter.item.number})),
                )


def test_a_suspected_denunciation_is_in_no_list_search_report_file_or_answer(town: Town) -> None:
    matter = town.matters["restricted"]
    found = [where for where, words in reads(town, "restricted", query=matter.query) if matter.secret in words]
    assert found == []
    numbered = [
        where
        for where, words in reads(town, "own", query=matter.query)
        if matter.item.number in words and not where.startswith("handler")
    ]
    assert numbered == [], "not even its number"


def test_it_is_in_no_log_and_no_training_set(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    words = f"Tôi tố cáo cán bộ phường nhận hối lộ của quán vextro glimbat; {GIVES}"
    with caplog.at_level(logging.DEBUG), capture_logs() as logs, town.undone():
        answer = town.client.post("/api/v1/reports", json={"text": words, "name": "Lâm Thị Bông Thử"})
        assert answer.status_code == 201
        assert "glimbat" not in answer.text
        town.client.get(f"/tra-cuu/{answer.json()['code']}")
    said = json.dumps(logs, ensure_ascii=False, default=str)
    # The test's own client logs the addresses it asks for; the service does not.
    said += "".join(one.getMessage() for one in caplog.records if not one.name.startswith("httpx"))
    assert [one for one in ("glimbat", "vextro", "Bông Thử", answer.json()["code"]) if one in said] == []
    item = town.matters["restricted"].item
    item.decided_by = ["topic"]
    town.session.flush()
    texts = retraining.desk_labels(town.session)
    assert [one.id for one in texts if "glimbat" in one.text or one.id.endswith(f"-{item.id:04d}")] == []


def test_personal_data_stands_in_no_answer_and_no_file(town: Town) -> None:
    """In the text, the place, what was added, a rating, a reason, an answer: it is hidden wherever it goes out."""
    own, now = town.matters["own"], pipeline.now()
    catalog = catalog_service.current(town.session)
    own.item.place_text = "trước nhà bà Lâm Thị Bông Thử, gọi 0530 111 222"
    town.session.flush()
    added = town.go("anonymous", "POST", f"/tra-cuu/{own.code}/bo-sung", data={"text": f"Nói thêm: {GIVES}"})
    assert added.status_code == 303
    step = {"actor": Actor("Điều phối", "dispatcher"), "catalog": catalog, "now": now}
    desk_service.act(town.session, own.item, "answer", text=f"Đã thay bóng đèn và báo: {GIVES}.", **step)
    for path, data in (
        ("danh-gia", {"value": "khong-hai-long", "reason": f"Chưa sáng, {GIVES}"}),
        ("mo-lai", {"reason": f"Vẫn tối, {GIVES}"}),
    ):
        assert town.go("anonymous", "POST", f"/tra-cuu/{own.code}/{path}", data=data).status_code == 303
    desk_service.act(town.session, own.item, "answer", text=f"Đã sửa lại và báo: {GIVES}.", **step)
    found = sorted(
        {
            f"{where}: {private}"
            for where, words in reads(town, "own", query="zelquo")
            for private, trace in zip(PRIVATE, TRACES, strict=True)
            if trace in fold(words)
        }
    )
    assert found == []


def test_personal_data_is_not_learned_from(town: Town) -> None:
    own = town.matters["own"]
    account = town.visitors["dispatcher"].account
    with town.undone():
        classifying.correct(
            town.session, own.item, task="topic", value="den-duong-hong", account_id=account.id, now=pipeline.now()
        )
        town.session.flush()
        texts = [one.text for one in retraining.desk_labels(town.session)]
    assert any("zelquo" in text for text in texts)
    assert [private for private in PRIVATE if any(private in text for text in texts)] == []


def test_only_the_identity_page_says_who_sent_it_and_only_to_who_must_answer(town: Town) -> None:
    told = {}
    for kind, room in (("own", "muc"), ("foreign", "muc"), ("restricted", "phong-rieng")):
        path = f"/{room}/{town.matters[kind].item.number}/danh-tinh"
        for actor in ACTORS:
            with town.undone():
                answer = town.go(actor, "POST", path, data={"reason": "hẹn giờ tới sửa"})
                told[actor, kind] = "Lâm Thị Bông Thử" in answer.text
                assert answer.headers.get("cache-control") == "no-store" or not told[actor, kind]
    assert {who for who, seen in told.items() if seen} == {
        ("officer", "own"),
        ("dispatcher", "own"),
        ("dispatcher", "foreign"),
        ("handler", "restricted"),
    }


def test_a_client_that_sends_no_form_token_changes_nothing(town: Town, session: Session) -> None:
    client: TestClient = town.client
    client.cookies.clear()
    number = town.matters["own"].item.number
    assert client.post(f"/muc/{number}/danh-tinh", data={"reason": "tò mò thôi"}).status_code == 401
