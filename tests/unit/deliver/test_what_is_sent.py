"""Who hears of what, how long to wait, what an answer means: without a database or a network."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.deliver import keys, mail, payload, webhook, wording, zalo
from listener.deliver.channels import CHANNELS
from listener.deliver.outbox import KINDS, MOST_TRIES, Happening, Subscriber, next_wait, rest, who_hears
from listener.deliver.web_client import Answer, check_address
from listener.errors import BadInput
from listener.settings import Settings

NOW = datetime(2026, 11, 18, 5, tzinfo=UTC)


@given(st.lists(st.floats(0, 1), min_size=MOST_TRIES - 1, max_size=MOST_TRIES - 1))
def test_ten_tries_spread_over_more_than_a_day_whatever_the_dice_say(luck: list[float]) -> None:
    waits = [next_wait(n, luck=dice) for n, dice in enumerate(luck, start=1)]
    assert all(wait is not None and timedelta(minutes=1) <= wait <= timedelta(hours=7.5) for wait in waits)
    assert sum((wait for wait in waits if wait), timedelta()) > timedelta(days=1)
    assert next_wait(MOST_TRIES, luck=0.0) is None


def test_what_a_receiver_asks_for_is_never_undercut_and_never_longer_than_a_day() -> None:
    assert next_wait(1, luck=0.0, asked=timedelta(hours=2)) == timedelta(hours=2)
    assert next_wait(9, luck=0.0, asked=timedelta(seconds=1)) == timedelta(hours=6)
    assert next_wait(1, luck=0.0, asked=timedelta(days=300)) == timedelta(days=1)
    assert rest(1) < rest(3) <= rest(99) == timedelta(minutes=10)


def event(kind: str, **more: object) -> Happening:
    plain = {"at": NOW, "by_machine": False, "may_be_undone": False, "departments": ("SXD",)}
    return Happening(kind=kind, **{**plain, **more})


def test_who_hears() -> None:
    mine = Subscriber(1, "webhook", "SXD", {"assign", "received"})
    other = Subscriber(2, "mail", "SYT", set(KINDS))
    everything = Subscriber(3, "mail", None, {"received", "assign"})

    def targets(happening: Happening) -> list[tuple[str, str]]:
        copies = who_hears(happening, [mine, other, everything], open_channels=["mail", "webhook"])
        return [(copy.target, copy.line) for copy in copies]

    assert targets(event("assign")) == [("receiver:1", "webhook:1"), ("receiver:3", "mail")]
    assert targets(event("received")) == [("receiver:3", "mail")]  # a desk hears when a matter is on it
    assert targets(event("answer", sender_channels=("zalo", "mail"))) == [("sender", "mail")]  # Zalo is not set up
    assert targets(event("return", sender_channels=("mail",))) == []  # between offices
    assert ("sender", "mail") not in targets(event("assign", by_machine=True, sender_channels=("mail",)))


def test_the_sender_hears_of_a_step_only_when_it_can_no_longer_be_taken_back() -> None:
    (copy,) = who_hears(event("answer", may_be_undone=True, sender_channels=("mail",)), [], open_channels=["mail"])
    assert copy.not_before == NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("status", "state", "rests"),
    [(200, "sent", False), (204, "sent", False), (301, "retry", False), (400, "retry", False), (404, "retry", False),
     (410, "gone", False), (429, "retry", True), (500, "retry", False), (503, "retry", True)],
)  # fmt: skip
def test_what_a_status_means(status: int, state: str, rests: bool) -> None:
    outcome = webhook.outcome_of(Answer(status, b"", None))
    assert (outcome.state, outcome.rest) == (state, rests)


@pytest.mark.parametrize(
    ("body", "state", "rests"),
    [(b'{"error": 0}', "sent", False), (b'{"error": -216}', "retry", True), (b'{"error": -211}', "retry", True),
     (b'{"error": -213}', "dead", False), (b'{"error": -9999}', "retry", False), (b"<html>", "retry", True),
     (b"[]", "retry", True), (b'{"error": null}', "retry", True)],
)  # fmt: skip
def test_what_zalo_means(body: bytes, state: str, rests: bool) -> None:
    outcome = zalo.outcome_of(body)
    assert (outcome.state, outcome.rest) == (state, rests)


@pytest.mark.parametrize(
    "address",
    ["", "khong phai", "ftp://a.vn/x", "http://a.vn/x", "https://127.0.0.1/x", "https://10.0.0.1/", "https://localhost",
     "https://[::1]/", "https://a.internal/", "https://u:p@a.vn/", "https://a.vn/#x", "https://a.vn:99999/",
     "https://" + "a" * 600 + ".vn"],
)  # fmt: skip
def test_addresses_that_are_not_taken_and_each_says_what_to_do(address: str) -> None:
    with pytest.raises(BadInput) as refused:
        check_address(address, private_hosts=False)
    assert refused.value.field == "address"
    assert len(refused.value.message) > 20


def test_intranet_addresses_are_taken_where_the_setting_says_so() -> None:
    assert check_address(" http://127.0.0.1:9/x ", private_hosts=True) == "http://127.0.0.1:9/x"
    assert check_address("https://ioc.example.vn/nhan?k=1", private_hosts=False) == "https://ioc.example.vn/nhan?k=1"


@pytest.mark.parametrize(
    ("channel", "good", "bad"), [("mail", "a.b@c.vn", "a.b@"), ("zalo", "2512523625412515", "0912000111x")]
)
def test_each_channel_checks_its_own_addresses(channel: str, good: str, bad: str) -> None:
    assert CHANNELS[channel].check_address(f" {good} ", Settings()) == good
    with pytest.raises(BadInput):
        CHANNELS[channel].check_address(bad, Settings())


def test_a_change_of_secret_keeps_two_for_a_week_and_never_three() -> None:
    once = keys.rotated([{"secret": "a", "until": None}], "b", now=NOW)
    twice = keys.rotated(once, "c", now=NOW + timedelta(days=1))
    assert keys.in_force(once, now=NOW) == ("b", "a")
    assert keys.in_force(once, now=NOW + timedelta(days=8)) == ("b",)
    assert keys.in_force(twice, now=NOW + timedelta(days=1)) == ("c", "b")


@pytest.mark.parametrize("name", sorted(wording.first_wordings()))
def test_every_first_text_passes_its_own_check_and_fills_in(name: str) -> None:
    text = wording.first_wordings()[name]
    assert wording.checked(name, text.subject, text.body) == text
    subject, body = wording.preview(name, text, agency="UBND thử", public_url="https://thu.example.vn")
    assert "PA-2026-000123" in subject + body
    assert "{{" not in subject + body
    assert bool(subject) == name.endswith(".mail")


def test_there_is_a_text_for_every_kind_and_whoever_hears_of_it() -> None:
    names = {f"department.{kind}" for kind in KINDS} | {f"sender.{name}" for name, k in KINDS.items() if k.to_sender}
    assert {name.rsplit(".", 1)[0] for name in wording.first_wordings()} == names


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{{ ten_nguoi_gui }}", "Không có chỗ điền “ten_nguoi_gui”"),
        ("{{ so", "ngoặc chưa khớp"),
        ("{% if so %}x", "ngoặc chưa khớp"),
        ("{% for x in so %}{{ so }}{% endfor %}", "chỉ được dùng chỗ điền"),
        ("{{ so.__class__.__mro__ }}", "chỉ được dùng chỗ điền"),
        ("{{ so['x'] }}", "chỉ được dùng chỗ điền"),
        ("{{ so * 10 }}", "chỉ được dùng chỗ điền"),
        ("{{ range(10) }}", "chỉ được dùng chỗ điền"),
        ("{{ so|upper }}", "chỉ được dùng chỗ điền"),
        ("{% include 'x' %}", "chỉ được dùng chỗ điền"),
        ("{% if cau_hoi %}chỉ khi hỏi{% endif %}", "chữ trống"),
        ("", "Mẫu còn trống"),
        ("x" * 7000, "dài quá"),
    ],
)
def test_a_text_that_cannot_be_kept_says_why(body: str, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        wording.checked("sender.answer.mail", "Tiêu đề {{ so }}", body)
    assert words in refused.value.message


@given(st.text(max_size=200))
def test_any_text_is_either_kept_or_refused_with_a_sentence(body: str) -> None:
    try:
        kept = wording.checked("sender.answer.zalo", "", body)
        wording.preview("sender.answer.zalo", kept, agency="", public_url=None)
    except BadInput as refused:
        message = refused.message
    else:
        message = kept.body
    assert message


def test_a_subject_stays_on_one_line() -> None:
    values = {**wording.values_of(payload.sample("return"), agency="", public_url=None), "ly_do": "a\r\nBcc: x@y.vn"}
    subject, _ = wording.fill(wording.Wording("Trả lại: {{ ly_do }}", "x"), values, channel="mail")
    assert "\n" not in subject
    assert "\r" not in subject


def test_a_letter_names_the_agency_and_keeps_its_id() -> None:
    from listener.deliver.outbox import Message

    message = Message("evt_1", {}, "a@b.vn", NOW, subject="Đã nhận phản ánh", body="Chào")
    letter = mail.written(message, Settings(mail_from="phananh@cantho.example.vn", agency="UBND, thành phố Cần Thơ"))
    assert letter["Message-ID"] == "<evt_1@cantho.example.vn>"
    assert letter["From"].addresses[0].display_name == "UBND, thành phố Cần Thơ"
    assert letter.get_content().strip() == "Chào"


@pytest.mark.parametrize("channel", ["mail", "zalo"])
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_has_a_text_for_each_who_may_hear_of_it(kind: str, channel: str) -> None:
    for audience in ("department", *(["sender"] if KINDS[kind].to_sender else [])):
        name = f"{audience}.{kind}.{channel}"
        subject, body = wording.preview(name, wording.first_wordings()[name], agency="UBND", public_url="https://a.vn")
        assert "PA-2026-000123" in body
        assert "{" not in subject + body
        assert "  " not in subject


def test_an_extension_tells_its_hours_and_reason() -> None:
    told = payload.sample("ask_extension")["data"]
    assert (told["hours"], told["reason"]) == (15, payload.SAMPLE_DETAILS["reason"])
    assert "hours" not in payload.sample("answer")["data"]
