"""Letters over REST: look at one beforehand, make it, list them, fetch their files, declare one void."""

from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response, status
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from listener.letters import pdf
from listener.letters import service as letters
from listener.letters.draft import Draft, draft_from
from listener.letters.kinds import MOST_ITEMS
from listener.store import letters as rows
from listener.store import tables as t
from listener.web.api.views import Page
from listener.web.deps import CurrentCatalog, Now, Store, TokenActor
from listener.web.letter_desk import MEDIA, house_of, writer_of

router = APIRouter(prefix="/letters", tags=["Văn bản"])


class LetterIn(BaseModel):
    """A letter to be made about some items."""

    kind: Literal["phieu-chuyen", "cong-van", "phieu-xu-ly", "tra-loi", "huong-dan"]
    numbers: list[str] = Field(
        min_length=1,
        max_length=MOST_ITEMS,
        description="Số công khai của các mục",
        examples=[["PA-2026-000123"]],
    )
    addressee: str = Field(default="", description="Nơi nhận, mỗi nơi một dòng")
    reason: str = ""
    request: str = ""
    note: str = ""
    deadline: date | None = None
    coordinating: str = ""
    contact: str = ""
    signer_title: str = ""
    signer_name: str = ""
    key: str | None = Field(default=None, max_length=80, description="Khoá chống gửi trùng: cùng khoá thì cùng văn bản")

    def draft(self) -> Draft:
        """The writer's choices, as pages send them too."""
        words = {name: str(value) for name, value in self.model_dump(exclude={"numbers", "key"}).items() if value}
        return draft_from(self.kind, words)


class VoidIn(BaseModel):
    """Why a letter is void."""

    reason: str = Field(max_length=400)


class LetterView(BaseModel):
    """A letter of the register with the SHA-256 of its files."""

    id: int
    sign: str
    kind: str
    issuer: str
    subject: str
    addressee: str
    issued_on: date
    made_at: datetime
    made_by: str
    numbers: list[str]
    sha256: dict[str, str]
    void_at: datetime | None
    void_reason: str | None


@router.post("", status_code=status.HTTP_201_CREATED, summary="Lấy số và lập văn bản")
def make(wanted: LetterIn, session: Store, actor: TokenActor, catalog: CurrentCatalog, now: Now) -> LetterView:
    """Take the next number and keep the letter; a department's token writes about its own desk alone."""
    made = letters.issue(
        session,
        wanted.numbers,
        wanted.draft(),
        writer=writer_of(actor),
        house=house_of(catalog),
        now=now,
        key=wanted.key,
    )
    return _view(session, made)


@router.post("/preview", summary="Xem trước, chưa lấy số", response_class=Response)
def preview(wanted: LetterIn, session: Store, actor: TokenActor, catalog: CurrentCatalog, now: Now) -> Response:
    """The letter as PDF with its number left empty; the header X-Next-Sign names the one it would get now."""
    shown = letters.preview(
        session,
        wanted.numbers,
        wanted.draft(),
        writer=writer_of(actor),
        house=house_of(catalog),
        now=now,
        draw=lambda letter: [pdf.write(letter)],
    )
    return Response(shown.pages[0], media_type=MEDIA["pdf"], headers={"X-Next-Sign": shown.next_sign})


@router.get("", summary="Sổ văn bản")
def list_letters(
    session: Store,
    actor: TokenActor,
    before: Annotated[int | None, Query(ge=1)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Page[LetterView]:
    """Letters, newest first; a department's token sees its own. Those about restricted matters are not among them."""
    found = rows.register(session, actor.department, before=before, limit=limit + 1)
    more = str(found[limit - 1][0].id) if len(found) > limit else None
    return Page(rows=[_view(session, letter) for letter, _, closed in found[:limit] if not closed], next=more)


@router.get("/{letter_id}", summary="Một văn bản")
def one(letter_id: int, session: Store, actor: TokenActor) -> LetterView:
    """One letter."""
    return _view(session, letters.open_letter(session, letter_id, writer_of(actor)))


@router.get("/{letter_id}/file.{form}", summary="Tệp PDF hoặc Word, nguyên từng byte", response_class=Response)
def file(letter_id: int, form: Literal["pdf", "docx"], session: Store, actor: TokenActor) -> Response:
    """A letter's file as it was made."""
    letter, kept = letters.download(session, letter_id, form, writer=writer_of(actor))
    headers = {
        "Content-Disposition": f'attachment; filename="{letters.file_name(letter, form)}"',
        "ETag": f'"{kept.sha256}"',
    }
    return Response(kept.content, media_type=MEDIA[form], headers=headers)


@router.post("/{letter_id}/void", summary="Huỷ, giữ số trong sổ")
def void(letter_id: int, why: VoidIn, session: Store, actor: TokenActor, now: Now) -> LetterView:
    """Declare a letter void; its number is not used again."""
    return _view(session, letters.void(session, letter_id, why.reason, writer=writer_of(actor), now=now))


def _view(session: Session, letter: t.Letter) -> LetterView:
    return LetterView(
        id=letter.id,
        sign=letter.sign,
        kind=letter.kind,
        issuer=letter.issuer,
        subject=letter.subject,
        addressee=letter.addressee,
        issued_on=letter.issued_on,
        made_at=letter.made_at,
        made_by=letter.made_by,
        numbers=[item.number for item in rows.items_of(session, letter.id)],
        sha256=rows.hashes(session, letter.id),
        void_at=letter.void_at,
        void_reason=letter.void_reason,
    )
