"""The pages of sources, over HTTP: try first, add, edit, pause, remove; alerts; all of it in the audit."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from flow.newspaper import Newspaper, newspaper
from make import NOON, make_item, make_post, make_run, make_source
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from listener import pipeline
from listener.collect import health_service
from listener.store import audit, gaps, sources
from listener.store import tables as t
from listener.web.deps import Visitor, maybe_visitor

Sign = Callable[[str], str]


@pytest.fixture
def sign_in(client: TestClient, session: Session) -> Sign:
    """Signs a role in and gives the token of its forms."""

    def sign(role: str) -> str:
        account = t.Account(login=f"nguon-{role}", name="Thử", role=role, password_hash="-")
        session.add(account)
        session.flush()
        visitor = Visitor(account, "key")
        client.app.dependency_overrides[maybe_visitor] = lambda: visitor  # type: ignore[attr-defined]
        return visitor.csrf

    return sign


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with newspaper() as site:
        yield site


def form(csrf: str, url: str, **more: str) -> dict[str, str]:
    plain = {"csrf": csrf, "name": "Báo Bến Sông", "kind": "rss", "url": url, "every_minutes": "30"}
    return {**plain, "option.local": "có", **more}


def counts(session: Session) -> tuple[int, ...]:
    tables = (t.Source, t.SourceRun, t.Item, t.FetchedPage)
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_a_try_shows_three_posts_and_writes_nothing(
    client: TestClient, session: Session, sign_in: Sign, paper: Newspaper
) -> None:
    csrf, before = sign_in("admin"), counts(session)
    answer = client.post("/nguon/thu", data=form(csrf, f"{paper.url}/rss/home.rss", **{"option.lead": ".sapo"}))
    assert answer.status_code == 200
    assert len(re.findall('data-testid="tried-post"', answer.text)) == 3
    assert "Ngập sâu trước chợ sau mưa lớn" in answer.text
    assert "Nước tràn lên mặt đường" in answer.text
    assert 'value="Báo Bến Sông"' in answer.text  # what was typed is still there
    assert counts(session) == before


def test_a_try_that_fails_says_why(client: TestClient, sign_in: Sign, paper: Newspaper) -> None:
    answer = client.post("/nguon/thu", data=form(sign_in("admin"), f"{paper.url}/rss/thanh-web.rss"))
    assert "Không phải RSS hay Atom" in answer.text
    assert "tried-post" not in answer.text


def test_an_edited_source_is_tried_with_the_options_that_no_field_shows(
    client: TestClient, session: Session, sign_in: Sign, paper: Newspaper
) -> None:
    source = make_source(session, "Báo Cũ", options={"links": "h3[", "la": 1})
    csrf = sign_in("admin")
    answer = client.post("/nguon/thu", data=form(csrf, f"{paper.url}/rss/home.rss", slug=source.slug))
    assert len(re.findall('data-testid="tried-post"', answer.text)) == 3
    session.refresh(source)
    assert source.options == {"links": "h3[", "la": 1}


def test_a_folder_cannot_be_tried_and_the_page_says_so(client: TestClient, session: Session, sign_in: Sign) -> None:
    csrf, before = sign_in("admin"), counts(session)
    assert "/nguon/thu" not in client.get("/nguon/moi", params={"loai": "drop"}).text
    answer = client.post("/nguon/thu", data={**form(csrf, ""), "kind": "drop", "option.local": ""})
    assert answer.status_code == 200
    assert "không đọc thử được" in answer.text
    assert counts(session) == before


def test_a_source_is_paused_and_removed_and_all_of_it_is_in_the_audit(
    client: TestClient, session: Session, sign_in: Sign
) -> None:
    csrf = sign_in("admin")
    url = "http://ben-song.test/rss"
    client.post("/nguon/moi", data=form(csrf, url))
    source = sources.by_slug(session, "bao-ben-song")
    client.post("/nguon/bao-ben-song", data=form(csrf, f"{url}/2", name="Tên khác"))
    client.post("/nguon/bao-ben-song/tam-dung", data={"csrf": csrf})
    assert source not in sources.active(session)
    item = make_post(session, source_id=source.id)
    client.post("/nguon/bao-ben-song/go", data={"csrf": csrf})
    assert "bao-ben-song" not in [one.slug for one in sources.everything(session)]
    assert client.get("/nguon/bao-ben-song").status_code == 404
    assert session.get(t.Item, item.id) is not None  # what it brought stays
    audit.write_waiting(session)
    steps = [row.details["step"] for row in session.scalars(select(t.Audit).where(t.Audit.act == "source"))]
    assert steps[-4:] == ["them", "sua", "tam-dung", "go"]


def test_a_file_that_was_imported_has_nothing_to_edit(client: TestClient, session: Session, sign_in: Sign) -> None:
    sources.file_source(session, "tep-thu", "Tệp thử")
    csrf = sign_in("admin")
    page = client.get("/nguon/tep-thu")
    assert (page.status_code, "act-save" in page.text, "act-pause" in page.text) == (200, False, False)
    for path in ("/nguon/tep-thu", "/nguon/thu"):
        assert client.post(path, data=form(csrf, "http://ben-song.test/", slug="tep-thu")).status_code == 403


def test_others_look_and_only_the_administrator_changes(client: TestClient, session: Session, sign_in: Sign) -> None:
    make_source(session, "Báo Xem")
    csrf = sign_in("press")
    page = client.get("/nguon/báo-xem")
    assert page.status_code == 200
    assert "act-save" not in page.text
    for path in ("/nguon/thu", "/nguon/moi", "/nguon/báo-xem", "/nguon/báo-xem/go"):
        assert client.post(path, data=form(csrf, "http://ben-song.test/")).status_code == 403


def silent_source(session: Session) -> t.Source:
    """It brought something every forty minutes, and then nothing for two days; visits go on."""
    source = make_source(session, "Báo Im", last_item=NOON - timedelta(days=2))
    for number in range(60):
        make_run(session, source, NOON - timedelta(days=2, minutes=40 * number), new=1, found=1)
    return source


def test_silence_is_an_alert_until_somebody_knows_or_it_speaks(
    client: TestClient, session: Session, sign_in: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "now", lambda: NOON)
    source = silent_source(session)
    assert health_service.look(session, now=NOON).began == ["báo-im"]
    assert health_service.look(session, now=NOON).began == []  # a second look changes nothing
    csrf = sign_in("admin")
    page = client.get("/nguon").text
    assert "im lặng" in page[page.index('data-testid="source-alert"') :][:600]
    client.post("/nguon/báo-im/da-biet", data={"csrf": csrf})
    assert 'data-testid="source-alert"' not in client.get("/nguon").text
    make_run(session, source, NOON + timedelta(minutes=5), new=2, found=2)
    source.last_item = NOON + timedelta(minutes=5)
    assert health_service.look(session, now=NOON + timedelta(minutes=10)).ended == ["báo-im"]
    (gap,) = gaps.of_source(session, source.id)
    assert (gap.kind, gap.ended_at) == ("silent", NOON + timedelta(minutes=5))


def test_a_gap_is_written_into_the_weekly_report(client: TestClient, session: Session, sign_in: Sign) -> None:
    make_item(session, at=NOON)
    source = make_source(session, "Báo Đứt")
    session.add(
        t.SourceGap(
            source_id=source.id,
            kind="failing",
            since=NOON - timedelta(days=1),
            ended_at=NOON,
            words="Trang từ chối cho đọc (403).",
        )
    )
    session.flush()
    sign_in("press")
    page = client.get("/bao-cao/2026-W47").text
    assert "Báo Đứt không đọc được từ" in page
    assert "Nguồn đứt quãng" in page


def test_a_source_that_fails_for_a_while_is_a_gap(session: Session) -> None:
    source = make_source(session, "Báo Hỏng", problem="Máy chủ hỏng (500).", problem_since=NOON - timedelta(hours=1))
    assert health_service.look(session, now=NOON).began == []
    looked = health_service.look(session, now=NOON + timedelta(hours=2))
    assert looked.began == ["báo-hỏng"]
    source.problem = source.problem_since = None
    source.last_success = NOON + timedelta(hours=3)
    assert health_service.look(session, now=NOON + timedelta(hours=4)).ended == ["báo-hỏng"]
    assert gaps.of_source(session, source.id)[0].ended_at == NOON + timedelta(hours=3)
