"""Loads items, writes a letter about them, numbers and keeps it; who may is checked here, for every door."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from classifiers.taxonomy import load_taxonomy
from listener import vietnamese as vi
from listener.catalog.shapes import Catalog
from listener.errors import BadInput, Conflict, Forbidden, NotFound
from listener.letters import docx, pdf, told
from listener.letters.draft import Draft, faults
from listener.letters.issuer import CITY, Issuer, issuer_of
from listener.letters.kinds import MOST_ITEMS, Kind, kind_of, refusal, sign_of
from listener.letters.letter import Letter, Matter, compose
from listener.letters.told import Told
from listener.store import audit, desks
from listener.store import items as item_rows
from listener.store import letters as rows
from listener.store import tables as t

WRITERS = ("officer", "dispatcher", "admin")
FORMS = {"pdf": pdf.write, "docx": docx.write}
SHORTEST_REASON = 5


@dataclass(frozen=True, slots=True)
class Writer:
    """Who asks for a letter. Officers write for their own department and about its desk alone."""

    name: str
    role: str
    account_id: int | None = None
    department: str | None = None

    @property
    def issuer(self) -> str:
        """The register in which this writer's letters are numbered."""
        return self.department or CITY


@dataclass(frozen=True, slots=True)
class House:
    """What letterheads need of the place: the catalogue, the agency's name and the city's."""

    catalog: Catalog
    agency: str
    city: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A letter that has no number yet, as it was drawn, and the number and sign it would get now."""

    letter: Letter
    pages: list[bytes]
    next_sign: str


def choose(session: Session, numbers: Sequence[str], writer: Writer, *, lock: bool = False) -> list[t.Item]:
    """The items of these public numbers, each once, in the order given.

    Raises
    ------
    BadInput
        None, or too many.
    NotFound, Forbidden
        One does not exist (restricted items do not, for letters), or lies on another department's desk.
    """
    check_writer(writer)
    wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    if not wanted:
        raise BadInput("Chưa chọn mục nào. Chọn ít nhất một mục trong danh sách.", field="items")
    if len(wanted) > MOST_ITEMS:
        raise BadInput(f"Một văn bản nêu tối đa {MOST_ITEMS} mục, đang chọn {len(wanted)}. Hãy chia ra.", field="items")
    # Locked in one order whatever order was asked for, so that two writers never wait for each other.
    found = {number: item_rows.by_number(session, number, lock=lock) for number in sorted(wanted)}
    if writer.role == "officer":
        held = desks.active_assignments(session, [item.id for item in found.values()])
        for item in found.values():
            if item.id not in held or held[item.id].department_code != writer.department:
                raise Forbidden(f"Mục {item.number} không nằm trên bàn của đơn vị bạn.")
    return [found[number] for number in wanted]


def check_writer(writer: Writer) -> None:
    """Raise Forbidden unless the role may write and read letters."""
    if writer.role not in WRITERS or (writer.role == "officer" and writer.department is None):
        raise Forbidden("Văn bản do cán bộ đơn vị và bộ phận điều phối lập.")


def issuer_for(writer: Writer, house: House) -> Issuer:
    """The unit whose letterhead the writer's letters carry."""
    return issuer_of(writer.issuer, house.catalog, agency=house.agency, city=house.city)


def next_sign(session: Session, kind: Kind, writer: Writer, house: House, now: datetime) -> str:
    """The number and sign a letter would get if it were made now."""
    issuer = issuer_for(writer, house)
    last = rows.last_number(session, issuer.code, kind.series, vi.local(now).year)
    return sign_of(kind, issuer.abbreviation, last + 1)


def remembered(session: Session, writer: Writer) -> dict[str, str]:
    """The signatory and contact of the unit's last letter."""
    last = rows.last_of(session, writer.issuer)
    names = ("signer_title", "signer_name", "contact")
    return {name: str(last.draft.get(name) or "") for name in names} if last else dict.fromkeys(names, "")


def preview(
    session: Session,
    numbers: Sequence[str],
    draft: Draft,
    *,
    writer: Writer,
    house: House,
    now: datetime,
    draw: Callable[[Letter], list[bytes]] = pdf.pictures,
) -> Preview:
    """The letter as it would look; nothing is written and no number is taken. Missing words are left empty."""
    matter = _matter(session, choose(session, numbers, writer), draft, writer, house, now)
    letter = compose(matter, number=None)
    return Preview(letter, draw(letter), next_sign(session, matter.kind, writer, house, now))


def issue(
    session: Session,
    numbers: Sequence[str],
    draft: Draft,
    *,
    writer: Writer,
    house: House,
    now: datetime,
    key: str | None = None,
) -> t.Letter:
    """Take the next number, keep the letter as Word and PDF, and write it into each item's history.

    What is sent again with the same ``key`` gives the letter that was made the first time.

    Raises
    ------
    BadInput
        Something is missing; no number was taken.
    """
    check_writer(writer)
    own_key = f"{writer.issuer}:{key}" if key else None
    if own_key is not None and (made := rows.by_key(session, own_key)) is not None:
        return open_letter(session, made.id, writer)
    chosen = choose(session, numbers, writer, lock=True)
    matter = _matter(session, chosen, draft, writer, house, now)
    for field, message in faults(draft, matter.kind, vi.local(now).date()).items():
        raise BadInput(message, field=field)
    day = vi.local(now).date()
    number = rows.take_number(session, matter.issuer.code, matter.kind.series, day.year)
    letter = compose(matter, number=number)
    kept = t.Letter(
        issuer=matter.issuer.code,
        series=matter.kind.series,
        year=day.year,
        number=number,
        sign=letter.sign,
        key=own_key,
        kind=matter.kind.slug,
        subject=letter.subject,
        addressee="; ".join(letter.addressees),
        draft=draft.kept(),
        issued_on=day,
        made_at=now,
        made_by=writer.name,
        account_id=writer.account_id,
    )
    files = [_file(form, write(letter)) for form, write in FORMS.items()]
    rows.keep(session, kept, files, [item.id for item in chosen])
    words = f"{writer.name} lập {matter.kind.name[0].lower()}{matter.kind.name[1:]} số {kept.sign}"
    _tell(session, kept, chosen, f"{words}, gửi {kept.addressee}.", "letter", writer, now, files)
    return kept


def void(session: Session, letter_id: int, reason: str, *, writer: Writer, now: datetime) -> t.Letter:
    """Declare a letter void. Its number stays taken and its files stay as they were.

    Raises
    ------
    Conflict
        It is void already.
    BadInput
        No reason was given.
    """
    letter = open_letter(session, letter_id, writer, lock=True)
    if letter.void_at is not None:
        raise Conflict(f"Văn bản số {letter.sign} đã huỷ trước đó, do {letter.void_by}.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadInput("Ghi lý do huỷ, ví dụ: sai nơi nhận.", field="reason")
    rows.void(letter, by=writer.name, reason=reason.strip(), now=now)
    words = f"{writer.name} huỷ văn bản số {letter.sign}: {reason.strip()}."
    _tell(session, letter, rows.items_of(session, letter.id), words, "letter_void", writer, now, ())
    return letter


def open_letter(session: Session, letter_id: int, writer: Writer, *, lock: bool = False) -> t.Letter:
    """A letter the writer may read: the own unit's, or any for the dispatcher.

    Raises
    ------
    NotFound
        There is none, it is another unit's, or it tells of something that has since gone into the restricted room.
    """
    check_writer(writer)
    letter = rows.by_id(session, letter_id, lock=lock)
    mine = letter is not None and (writer.role != "officer" or letter.issuer == writer.department)
    if letter is None or not mine or any(item.restricted for item in rows.items_of(session, letter.id)):
        raise NotFound(f"Không có văn bản số {letter_id}.")
    return letter


def download(session: Session, letter_id: int, form: str, *, writer: Writer) -> tuple[t.Letter, t.LetterFile]:
    """A letter's file, byte by byte as it was made."""
    letter = open_letter(session, letter_id, writer)
    file = rows.file_of(session, letter.id, form)
    if file is None:
        raise NotFound(f"Văn bản số {letter.sign} không có bản “{form[:10]}”. Có bản pdf và docx.")
    details: dict[str, Any] = {"letter": letter.id, "sign": letter.sign, "form": form}
    audit.note(session, actor=writer.name, act="letter_downloaded", account_id=writer.account_id, **details)
    return letter, file


def file_name(letter: t.Letter, form: str) -> str:
    """A name for the file: ``phieu-chuyen-07-PC-UBND-2026.pdf``."""
    return f"{letter.kind}-{letter.sign.replace('/', '-')}-{letter.year}.{form}"


def start_after(session: Session, kind: Kind, last: int, *, writer: Writer, now: datetime) -> None:
    """Let this year's register go on after a number taken elsewhere; never back.

    Raises
    ------
    Conflict
        That number, or a later one, is taken already.
    """
    check_writer(writer)
    year = vi.local(now).year
    taken = rows.last_number(session, writer.issuer, kind.series, year)
    if last <= taken:
        raise Conflict(f"Sổ {kind.series} năm {year} đã tới số {taken}; chỉ nối tiếp từ số lớn hơn.")
    rows.set_last(session, writer.issuer, kind.series, year, last)
    details: dict[str, Any] = {
        "issuer": writer.issuer,
        "series": kind.series,
        "year": year,
        "last": last,
        "before": taken,
    }
    audit.note(session, actor=writer.name, act="letter_register_moved", account_id=writer.account_id, **details)


def _matter(
    session: Session, chosen: Sequence[t.Item], draft: Draft, writer: Writer, house: House, now: datetime
) -> Matter:
    kind = kind_of(draft.kind)
    if len(chosen) > kind.most:
        raise BadInput(
            f"{kind.name} chỉ viết về một mục, đang chọn {len(chosen)}. Lập riêng cho từng mục.", field="kind"
        )
    items = tell(session, chosen, house.catalog)
    if len(items) == 1:
        why = refusal(kind, items[0].kind, is_report=items[0].is_report, answered=bool(items[0].answer))
        if why:
            raise BadInput(why, field="kind")
    return Matter(kind, issuer_for(writer, house), draft, tuple(items), now)


def tell(session: Session, chosen: Sequence[t.Item], catalog: Catalog) -> list[Told]:
    """The items as letters tell of them."""
    held = desks.active_assignments(session, [item.id for item in chosen])
    return [_told(item, held.get(item.id), catalog) for item in chosen]


def _told(item: t.Item, assignment: t.Assignment | None, catalog: Catalog) -> Told:
    taxonomy, area = load_taxonomy(), catalog.areas.get(item.unit_code or "")
    leaf = taxonomy.leaves.get(item.topic or "")
    named = [place for place in item.places if not any(_meet(place, mask) for mask in item.masks)]
    older, older_short = told.older_words([str(place["text"]) for place in named if place.get("older")], area)
    return Told(
        number=item.number,
        is_report=item.is_report,
        sample=item.sample,
        kind=item.kind,
        channel=item.channel,
        received_at=item.received_at,
        text=told.hidden(item.body, item.masks),
        place=told.place_words(item.place_text, [str(place["text"]) for place in named], area),
        older=older,
        older_short=older_short,
        topic=f"{leaf.name}, thuộc {taxonomy.fields[leaf.field].name}" if leaf else "chưa phân loại",
        urgency=taxonomy.name(item.urgency) if item.urgency else "Chưa xác định",
        by_machine=frozenset({"topic", "urgency"} - set(item.decided_by)),
        due_at=assignment.due_at if assignment else None,
        holder=catalog.name_of(assignment.department_code) if assignment else "",
        assigned_at=assignment.assigned_at if assignment else None,
        coordinating=tuple(map(catalog.name_of, assignment.coordinating)) if assignment else (),
        answer=(assignment.answer or "") if assignment and item.state in ("answered", "closed") else "",
    )


def _meet(one: dict[str, int], other: dict[str, int]) -> bool:
    return one["start"] < other["end"] and other["start"] < one["end"]


def _file(form: str, content: bytes) -> t.LetterFile:
    return t.LetterFile(form=form, sha256=hashlib.sha256(content).hexdigest(), content=content)


def _tell(
    session: Session,
    letter: t.Letter,
    chosen: Sequence[t.Item],
    words: str,
    kind: str,
    writer: Writer,
    now: datetime,
    files: Sequence[t.LetterFile],
) -> None:
    """A line in each item's history and one in the audit.

    The line carries no account, so that it never stands between an officer and the undoing of the step before it.
    """
    hashes = {file.form: file.sha256 for file in files}
    details: dict[str, Any] = {"letter": letter.id, "sign": letter.sign, "sha256": hashes}
    department = writer.department
    for item in chosen:
        desks.add_event(session, item.id, kind, words, now=now, actor="person", department=department, **details)
    one = chosen[0].id if len(chosen) == 1 else None
    audit.note(session, actor=writer.name, act=kind, account_id=writer.account_id, item_id=one, **details)
