"""A small town for the tests of who may see what: an item on the own desk, one on a foreign desk, one restricted."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image
from pypdf import PdfReader
from reach import STAFF, TOKENS
from sqlalchemy.orm import Session

from listener import duties, pipeline
from listener.accounts import service as accounts
from listener.catalog import service as catalog_service
from listener.collect.found import NewReport, PhotoFile
from listener.deliver.webhook import new_secret
from listener.letters import service as letters
from listener.letters.draft import draft_from
from listener.letters.service import House, Writer
from listener.route import desk_service, rehearsal_service, rules_service
from listener.route.workflow import Actor
from listener.sealing import seal
from listener.settings import settings
from listener.store import desks
from listener.store import rules as rule_rows
from listener.store import tables as t
from listener.web.deps import COOKIE, Visitor, _signer

OWN, FOREIGN = "UBX-31135", "UBX-31120"
# Words nobody else writes: a search finds an item by the first, the second must then stay unseen.
NEEDLES = {"own": "zelquo rinvat", "foreign": "quambo drestil", "restricted": "vextro glimbat"}
TEXTS = {
    "own": "Đèn đường hẻm 51 phường An Bình tắt ba hôm nay, cạnh quán zelquo rinvat",
    "foreign": "Đèn đường hẻm 9 phường Cái Khế tắt ba hôm nay, cạnh quán quambo drestil",
    "restricted": "Tôi tố cáo cán bộ phường nhận hối lộ của quán vextro glimbat, có giấy tờ",
}
PRIVATE = ("Lâm Thị Bông Thử", "0530111222", "0530 111 222", "092099001234", "bong.thu@example.vn")
GIVES = "tôi là Lâm Thị Bông Thử, số 0530 111 222, căn cước 092099001234, thư bong.thu@example.vn"

LETTER = {
    "kind": "phieu-chuyen",
    "addressee": "Sở Xây dựng",
    "reason": "không thuộc phần việc của đơn vị",
    "signer_title": "CHỦ TỊCH",
    "signer_name": "Người Ký Thử",
}


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(content, "JPEG")
    return content.getvalue()


@dataclass
class Matter:
    """One item and the ways to it."""

    item: t.Item
    code: str
    assignment: int = 0
    request: int = 0
    needle: str = ""
    letter: int = 0

    @property
    def query(self) -> str:
        return self.needle.split()[0]

    @property
    def secret(self) -> str:
        return self.needle.split()[1]


@dataclass
class Town:
    """The items, and a client that goes as any actor; with ``undone`` nothing a request does stays."""

    session: Session
    client: TestClient
    matters: dict[str, Matter] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    heads: dict[str, dict[str, str]] = field(default_factory=dict)
    receiver: int = 0
    run: int = 0
    rule: str = ""

    def go(self, actor: str, method: str, path: str, **more: Any) -> Response:
        """A request as an actor; staff send the token of their form with it."""
        headers, cookies = dict(self.heads.get(actor, {})), {}
        if actor in self.visitors:
            visitor = self.visitors[actor]
            account = visitor.account
            cookies[COOKIE] = _signer().dumps({"a": account.id, "e": account.epoch, "k": visitor.key})
            if method == "POST" and "json" not in more:
                more["data"] = {**more.get("data", {}), "csrf": visitor.csrf}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Whatever happens inside is taken back."""
        nested = self.session.begin_nested()
        try:
            yield
        finally:
            if nested.is_active:
                nested.rollback()
            self.session.expire_all()


def build(session: Session, client: TestClient) -> Town:
    """Accounts and tokens of every actor, and the three items."""
    town = Town(session, client)
    for role in STAFF:
        department = OWN if role == "officer" else None
        account = accounts.create(
            session,
            login=f"thu.{role}",
            name=f"Tài khoản {role}",
            role=role,
            password="mat khau dai",
            department=department,
        )
        town.visitors[role] = Visitor(account, "key")
    for name, department in zip(TOKENS, (OWN, FOREIGN, None), strict=True):
        town.heads[name] = {"Authorization": f"Bearer {accounts.make_token(session, name=name, department=department)}"}
    for name, words in TEXTS.items():
        town.matters[name] = _matter(session, words, NEEDLES[name], None if name == "restricted" else name)
    _machinery(town)
    return town


def _machinery(town: Town) -> None:
    """A receiver of messages, a draft of the rules with one rule, and its dry run."""
    now, catalog, session = pipeline.now(), catalog_service.current(town.session), town.session
    keys = seal([{"secret": new_secret(), "until": None}], settings().secret(), purpose="webhook")
    receiver = t.Receiver(
        name="Nơi nhận thử", channel="webhook", address="https://127.0.0.1:9/moc", kinds=["assign"], sealed=keys
    )
    session.add(receiver)
    dispatcher = Actor("Điều phối", "dispatcher")
    rules_service.open_draft(session, catalog=catalog, actor=dispatcher, now=now, today=now.date())
    entry = {"name": "Đèn đường", "topics": ["den-duong-hong"], "department": OWN}
    town.rule = rules_service.put_rule(
        session, entry, slug=None, version=None, actor=dispatcher, catalog=catalog, now=now
    ).slug
    draft = rule_rows.draft(session)
    assert draft is not None
    town.run = rehearsal_service.ask_for(session, draft, weeks=1, actor=dispatcher, now=now).id
    town.receiver = receiver.id


def _matter(session: Session, words: str, needle: str, desk: str | None) -> Matter:
    now, catalog = pipeline.now(), catalog_service.current(session)
    report = NewReport(
        text=f"{words}; {GIVES}", name="Lâm Thị Bông Thử", phone="0530 111 222", photos=(PhotoFile("a.jpg", picture()),)
    )
    receipt = pipeline.take_in(session, report, catalog=catalog, at=now)
    item = receipt.item
    session.refresh(item)
    dispatcher = Actor("Điều phối", "dispatcher")
    step = {"actor": dispatcher, "catalog": catalog, "now": now}
    if desk is None and not item.restricted:
        raise AssertionError("the machine did not see the denunciation")
    if desk is not None:
        desk_service.act(session, item, "assign", department=OWN if desk == "own" else FOREIGN, **step)
    held = desks.active_assignment(session, item.id)
    request = duties.ask_for_erasure(session, receipt.code, whole_person=True, catalog=catalog, at=now)
    session.flush()
    letter = _letter(session, item, (OWN if desk == "own" else FOREIGN) if desk else None)
    return Matter(item, receipt.code, held.id if held else 0, request.id, needle, letter)


def _letter(session: Session, item: t.Item, department: str | None) -> int:
    """A letter about it, by its department; about a restricted one it was made before that came out."""
    closed, item.restricted = item.restricted, False
    session.flush()
    house = House(catalog_service.current(session), "Sở Thử", "thành phố Thử")
    writer = Writer("Cán bộ", "officer" if department else "dispatcher", None, department)
    draft = draft_from(LETTER["kind"], {name: value for name, value in LETTER.items() if name != "kind"})
    made = letters.issue(session, [item.number], draft, writer=writer, house=house, now=pipeline.now())
    item.restricted = closed
    session.flush()
    return made.id


def words_in(answer: Response) -> str:
    """Everything that can be read out of an answer: the text, the parts of Office files, the text of a PDF, headers."""
    head = str(dict(answer.headers))
    kind = answer.headers.get("content-type", "")
    if "officedocument" in kind:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
            return head + "".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())
    if "pdf" in kind:
        return head + "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return head if kind.startswith("image/") else head + answer.text
