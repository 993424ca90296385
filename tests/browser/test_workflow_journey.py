"""A matter goes from hand to hand: wrong desk and better owner, a question, more time, told twice."""

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from playwright.sync_api import expect
from test_journeys import ANSWER, NINH_KIEU, put_on_desk, report, row_of, word

from listener.store.embedded import start_embedded

if TYPE_CHECKING:
    from conftest import Visitors

pytestmark = pytest.mark.browser
BETTER = "UBX-31120"
LABELS = """SELECT task, value FROM labels JOIN items ON items.id = item_id
    WHERE number = %s AND origin IN ('return', 'triage') AND withdrawn_at IS NULL ORDER BY labels.id"""


def test_the_officer_names_the_better_owner_one_key_reroutes_and_both_labels_stand(
    visitors: "Visitors", service: Any
) -> None:
    code, number = report(visitors, f"Den duong tat toi thui may hom nay, {word()}")
    put_on_desk(visitors, number)
    officer = visitors.staff("canbo")
    officer.goto(f"/muc/{number}")
    officer.keyboard.press("r")
    officer.locator("#chon-don-vi-dung").select_option(BETTER)
    officer.locator("#reason").fill("Trụ đèn thuộc địa bàn phường bên")
    officer.get_by_role("button", name="Trả lại điều phối").click()
    expect(officer.get_by_test_id("undo-bar")).to_contain_text("đề nghị chuyển UBND phường Cái Khế")

    dispatcher = visitors.staff("dieuphoi")
    dispatcher.goto(f"/dieu-phoi?hang=tra-lai&muc={number}")
    expect(dispatcher.get_by_test_id("guess-1")).to_contain_text("UBND phường Cái Khế")
    expect(dispatcher.get_by_test_id("guess-1")).to_contain_text("đề nghị")
    dispatcher.keyboard.press("1")
    expect(dispatcher.get_by_test_id("undo-bar")).to_contain_text(number)
    citizen = visitors.citizen()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-step").nth(1)).to_contain_text("UBND phường Cái Khế")
    with psycopg.connect(start_embedded(service.data_dir)) as connection:
        found = connection.execute(LABELS, (number,)).fetchall()
    assert found[-2:] == [("not_department", NINH_KIEU), ("department", BETTER)]
    assert visitors.complaints == []


def test_a_question_stops_the_clock_more_time_is_granted_and_the_answer_ends_it(visitors: "Visitors") -> None:
    code, number = report(visitors, f"Den duong tat toi thui ca hem, {word()}")
    put_on_desk(visitors, number)
    officer = visitors.staff("canbo")
    officer.goto(f"/muc/{number}")
    officer.get_by_test_id("act-ask").click()
    officer.locator("#cau-hoi").fill("Trụ đèn số mấy, gần nhà ai?")
    officer.get_by_test_id("act-ask-send").click()
    expect(officer.get_by_test_id("asked-question")).to_contain_text("Trụ đèn số mấy")
    expect(officer.get_by_test_id("chip-due").first).to_have_text("tạm dừng")
    officer.goto("/ban-lam-viec?tab=cho-nguoi-gui")
    expect(row_of(officer, number)).to_contain_text("tạm dừng")

    citizen = visitors.citizen()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-paused")).to_be_visible()
    citizen.locator("#them").fill("Trụ số 14, gần quán nước")
    citizen.get_by_test_id("track-add").click()
    expect(citizen.get_by_test_id("track-added")).to_contain_text("Trụ số 14")
    expect(citizen.get_by_test_id("track-paused")).to_have_count(0)

    officer.goto(f"/muc/{number}")
    expect(officer.get_by_test_id("chip-due").first).to_contain_text("còn")
    officer.get_by_test_id("act-ask-extension").click()
    officer.locator("#gio").fill("15")
    officer.locator("#ly-do-gia-han").fill("chờ vật tư")
    officer.get_by_test_id("act-ask-extension-send").click()
    expect(officer.get_by_test_id("extension-asked")).to_contain_text("15 giờ làm việc")
    dispatcher = visitors.staff("dieuphoi")
    dispatcher.goto(f"/dieu-phoi?hang=gia-han&muc={number}")
    expect(dispatcher.get_by_test_id("extension-card")).to_contain_text("chờ vật tư")
    dispatcher.keyboard.press("1")
    expect(dispatcher.get_by_test_id("undo-bar")).to_contain_text("duyệt gia hạn 15 giờ làm việc")
    citizen.reload()
    expect(citizen.get_by_test_id("track-due")).to_contain_text("chờ vật tư")
    officer.goto(f"/muc/{number}")
    officer.get_by_test_id("answer-text").fill(ANSWER)
    officer.get_by_test_id("act-answer").click()
    citizen.reload()
    expect(citizen.get_by_test_id("track-answer")).to_contain_text("tổ điện đã thay bóng")
    assert visitors.complaints == []


def test_two_reports_of_one_lamp_are_merged_answered_once_and_taken_apart(visitors: "Visitors") -> None:
    (code, number), (_, other) = (
        report(visitors, f"Đèn đường trước chợ tắt tối thui cả tuần, {word()}") for _ in range(2)
    )
    for one in (number, other):
        put_on_desk(visitors, one)
    officer = visitors.staff("canbo")
    officer.goto(f"/muc/{number}")
    officer.get_by_test_id("act-merge-other").click()
    officer.locator("#so-muc-kia").fill("PA-2026-999999")
    officer.get_by_test_id("act-merge-other-send").click()
    expect(officer.get_by_test_id("error-summary")).to_contain_text("Không tìm thấy mục")
    visitors.complaints.clear()  # the refusal itself: 404
    officer.locator("#so-muc-kia").fill(other)
    officer.get_by_test_id("act-merge-other-send").click()
    expect(officer.get_by_test_id("undo-bar")).to_contain_text(f"gộp vào {other}")
    officer.goto(f"/muc/{other}")
    expect(officer.get_by_test_id("merged-item")).to_contain_text(number)
    officer.get_by_test_id("answer-text").fill(ANSWER)
    officer.get_by_test_id("act-answer").click()
    citizen = visitors.citizen()
    citizen.goto(f"/tra-cuu/{code}")
    expect(citizen.get_by_test_id("track-merged")).to_be_visible()
    expect(citizen.get_by_test_id("track-answer")).to_contain_text("tổ điện đã thay bóng")
    assert other not in citizen.content()
    officer.goto(f"/muc/{other}")
    officer.get_by_test_id("act-split").click()
    expect(officer.get_by_test_id("undo-bar")).to_contain_text(f"tách khỏi {other}")
    citizen.reload()
    expect(citizen.get_by_test_id("track-merged")).to_have_count(0)
    assert visitors.complaints == []
