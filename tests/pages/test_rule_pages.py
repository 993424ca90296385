"""The pages of the routing rules over HTTP: who may, what is kept, trying out, a second person, going back."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from make import NOON, make_item
from sqlalchemy import select
from sqlalchemy.orm import Session

from listener.store import rules as rows
from listener.store import tables as t
from listener.web.app import create_app
from listener.web.deps import Visitor, clock, maybe_visitor, store

PAGE = "/dieu-phoi/quy-tac"
PARK = {"name": "Đèn công viên", "words": "công viên, vườn hoa", "outcome": "assign", "department": "SVHTTDL"}


class Person:
    """Someone signed in; forms are sent with the session's token."""

    def __init__(self, client: TestClient, token: str, enter: Callable[[], None]) -> None:
        self.client, self.token, self.enter = client, token, enter

    def get(self, path: str, status: int = 200) -> str:
        self.enter()
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, path: str, status: int = 200, **form: object) -> str:
        self.enter()
        answer = self.client.post(f"{PAGE}/{path}", data={"csrf": self.token, **form})
        assert answer.status_code == status, answer.text
        return answer.text


@pytest.fixture
def person(session: Session) -> Callable[..., Person]:
    app = create_app()

    def same_session() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    app.dependency_overrides[store] = same_session
    app.dependency_overrides[clock] = lambda: NOON
    client = TestClient(app, raise_server_exceptions=False)

    def sign_in(login: str, role: str = "dispatcher") -> Person:
        account = t.Account(login=login, name=f"Người {login}", role=role, password_hash="-")
        session.add(account)
        session.flush()
        visitor = Visitor(account, "key")

        def enter() -> None:
            app.dependency_overrides[maybe_visitor] = lambda: visitor

        return Person(client, visitor.csrf, enter)

    return sign_in


@pytest.fixture
def author(person: Callable[..., Person]) -> Person:
    author = person("soan")
    author.post("nhap/mo")
    author.post("nhap/sua", **PARK)
    return author


def test_only_dispatchers_and_administrators_come_in(person: Callable[..., Person]) -> None:
    assert "Chưa có quy tắc riêng" in person("a").get(PAGE)
    assert "Chưa có quy tắc riêng" in person("b", "admin").get(PAGE)
    for role in ("officer", "press", "leader", "analyst", "handler"):
        one = person(role, role)
        one.get(PAGE, status=403)
        one.post("nhap/mo", status=403)
        one.post("quay-lai", status=403, ban="1")


def test_a_rule_stands_as_a_sentence_and_moves_by_buttons_that_keep_the_focus(author: Person) -> None:
    author.post("nhap/sua", name="Ban đêm", outcome="triage", hour_from="18", hour_to="6")
    page = author.get(f"{PAGE}?ban=nhap")
    assert "Khi bài có chữ “công viên” hoặc “vườn hoa” → chuyển Sở Văn hóa" in page
    assert "Khi nhận từ 18 giờ đến 6 giờ → để người điều phối xem." in page
    assert re.search(r'data-testid="rule-conflict">“Đèn công viên” và “Ban đêm”', page)
    moved = author.post("nhap/chuyen", ma="q2", huong="len")
    assert moved.index("Ban đêm") < moved.index("Đèn công viên")
    assert re.search(r'aria-label="Đưa xuống “Ban đêm”"[^>]*>', moved)
    back = author.post("nhap/chuyen", ma="q2", huong="xuong")
    assert back.index("Đèn công viên") < back.index("Ban đêm")
    assert "Ban đêm" not in author.post("nhap/xoa", ma="q2")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Chưa có tên quy tắc"),
        ({"department": ""}, "chưa chọn đơn vị"),
        ({"department": "KHONG"}, "không có đơn vị “KHONG”"),
        ({"hours": "tám"}, "Thời hạn phải là số"),
        ({"hour_from": "8"}, "khung giờ thiếu một đầu"),
        ({"valid_from": "mai"}, "không đọc được"),
        ({"words": "!!!"}, "không có chữ cái nào"),
        ({"topics": ["la"]}, "không có lĩnh vực “la”"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(
    author: Person, change: dict[str, object], words: str
) -> None:
    page = author.post("nhap/sua", status=422, **{**PARK, "words": "chợ nổi", **change})
    assert words in page
    if "words" not in change:
        assert 'value="chợ nổi"' in page


def test_the_sentence_is_shown_while_one_writes(author: Person) -> None:
    assert "chuyển chủ quản của lĩnh vực và địa bàn" in author.post("nhap/cau", name="", outcome="owner", words="cầu")
    assert "chưa chọn đơn vị" in author.post("nhap/cau", name="x", outcome="assign")


def test_trying_out_shows_what_would_change_and_never_what_became_secret(author: Person, session: Session) -> None:
    at = NOON - timedelta(days=3)
    item = make_item(session, "Đèn công viên tắt, gọi 0530000000", unit_code="31120", certain=True, at=at)
    item.masks = [{"start": 23, "end": 33, "type": "phone"}]
    secret = make_item(session, "Đèn công viên của người tố cáo", unit_code="31120", certain=True, at=at)
    session.flush()
    page = author.post("thu", tuan="4")
    assert "2 trên 2 mục sẽ sang nơi khác" in page
    assert re.search(r"UBND phường Cái Khế</td><td>Sở Văn hóa[^<]*</td><td class=\"num\">2<", page)
    assert "0530000000" not in page
    secret.restricted = True
    session.flush()
    run = session.scalars(select(t.RuleRun).order_by(t.RuleRun.id.desc())).first()
    assert run is not None
    again = author.get(f"{PAGE}/thu/{run.id}")
    assert item.number in again
    assert secret.number not in again
    author.get(f"{PAGE}/thu/999999", status=404)


def test_nothing_to_try_on_is_said(author: Person) -> None:
    assert "Không có mục nào trong thời gian này" in author.post("thu", tuan="1")
    author.post("thu", status=422, tuan="0")


def test_many_items_are_tried_by_a_job_and_its_progress_is_shown(
    author: Person, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("listener.web.pages.rules.AT_ONCE", 0)
    make_item(session, "Đèn công viên tắt", unit_code="31120", certain=True)
    assert "Đang xét 0 trên 1 mục" in author.post("thu", tuan="4")
    (job,) = session.execute(
        select(t.RuleRun.id).join_from(t.RuleRun, t.RuleSet, t.RuleRun.set_id == t.RuleSet.id)
    ).all()
    waiting = session.connection().exec_driver_sql(
        "SELECT args->>'run_id' FROM procrastinate_jobs WHERE task_name = 'dry_run'"
    )
    assert [int(row[0]) for row in waiting] == [job.id]
    run = rows.run_by_id(session, job.id)
    assert run is not None
    run.beat_at = NOON - timedelta(hours=1)
    session.flush()
    assert "dừng giữa chừng" in author.get(f"{PAGE}/thu/{job.id}")


def test_a_second_person_puts_it_in_force_and_going_back_is_one_click(
    author: Person, person: Callable[..., Person], session: Session
) -> None:
    author.post("thu", tuan="4")
    assert "người điều phối khác phải xem" in author.get(f"{PAGE}?ban=nhap")
    today = NOON.date().isoformat()
    assert "người thứ hai" in author.post("ap-dung", status=403, tu_ngay=today)
    second = person("duyet", "admin")
    assert 'data-testid="rule-activate"' in second.get(f"{PAGE}?ban=nhap")
    assert "Chưa chọn ngày" in second.post("ap-dung", status=422, tu_ngay="")
    page = second.post("ap-dung", tu_ngay=today)
    assert "đang áp dụng" in page
    assert "Đèn công viên" in page
    assert rows.draft(session) is None
    off = author.post("quay-lai")
    assert "Chưa có quy tắc riêng" in off
    (button,) = re.findall(r'name="ban" value="(\d+)"><button class="btn btn-sm" data-testid="rule-rollback"', off)
    assert "Khi bài có chữ “công viên”" in author.post("quay-lai", ban=button)


def test_a_planned_version_waits_for_its_day_and_may_be_called_off(
    author: Person, person: Callable[..., Person], session: Session
) -> None:
    author.post("thu", tuan="4")
    page = person("duyet").post("ap-dung", tu_ngay=(NOON.date() + timedelta(days=9)).isoformat())
    assert "chờ tới ngày" in page
    assert "Chưa có quy tắc riêng" in page
    planned = rows.activations(session)[-1]
    assert planned.active_from == date(2026, 11, 27)
    assert "đã huỷ" in author.post("huy-lich", ban=str(planned.id))


def test_broken_rules_alert_on_both_pages_of_the_dispatcher(
    author: Person, person: Callable[..., Person], session: Session
) -> None:
    author.post("thu", tuan="4")
    person("duyet").post("ap-dung", tu_ngay=NOON.date().isoformat())
    assert 'data-testid="rule-broken"' not in author.get("/dieu-phoi")
    session.get_one(t.Department, "SVHTTDL").active = False
    session.flush()
    for path in ("/dieu-phoi", PAGE):
        page = author.get(path)
        assert 'data-testid="rule-broken"' in page
        assert "“Đèn công viên”: không có đơn vị “SVHTTDL”." in page
