"""The letter as blocks of words, which Word and PDF each draw: what stands in it, in which order, for each kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from classifiers.text.privacy import mask
from listener import vietnamese as vi
from listener.letters.draft import Draft, lines
from listener.letters.issuer import Issuer
from listener.letters.kinds import Kind, sign_of
from listener.letters.told import Told
from listener.papers.decree import Column, Table

WHOLE_TEXT, IN_TABLE = 6000, 500  # characters of an item's words, alone and in a row of the table
MACHINE_NOTE = "* Lĩnh vực hoặc mức khẩn do phần mềm đề xuất, chưa có người xác nhận."
COLUMNS = (
    Column("TT", 0.5, number=False),
    Column("Mã, kênh, thời điểm", 2.3, number=False),
    Column("Nội dung (đã che thông tin cá nhân)", 4.1, number=False),
    Column("Nơi xảy ra", 2.0, number=False),
    Column("Lĩnh vực, mức khẩn", 1.9, number=False),
    Column("Hạn xử lý", 1.55, number=False),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A numbered line: what it is about, and what is said."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of somebody else, as they were written but for what is hidden."""

    words: str


Block = str | Quote | Table | tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter with the parts of NĐ 30/2020; without a title, its subject stands below the number."""

    issuer: Issuer
    sign: str
    place_and_date: str
    title: str | None
    subject: str
    addressees: tuple[str, ...]
    blocks: tuple[Block, ...]
    signer_title: tuple[str, ...]
    signer_name: str
    recipients: tuple[str, ...]
    made_at: datetime

    @property
    def below_number(self) -> tuple[str, ...]:
        """What stands below the letterhead: the number, and a công văn's subject."""
        number = f"Số: {self.sign}"
        return (number,) if self.title else (number, f"V/v {self.subject}")

    @property
    def name(self) -> str:
        """What the file says of itself."""
        return f"{self.title or 'Công văn'}: {self.subject}"


@dataclass(frozen=True, slots=True)
class Matter:
    """All that goes into a letter: its kind, who writes, what was chosen, and the items it tells of."""

    kind: Kind
    issuer: Issuer
    draft: Draft
    items: tuple[Told, ...]
    now: datetime

    @property
    def one(self) -> Told | None:
        """The item, where there is only one."""
        return self.items[0] if len(self.items) == 1 else None

    @property
    def what(self) -> str:
        """What the items are called in a sentence."""
        return "phản ánh" if all(item.is_report for item in self.items) else "thông tin, phản ánh"


def compose(matter: Matter, *, number: int | None) -> Letter:
    """The letter; ``number`` None leaves its place empty, to be looked at before one is taken."""
    kind, issuer, draft = matter.kind, matter.issuer, matter.draft
    subject, blocks = WRITERS[kind.slug](matter)
    return Letter(
        issuer=issuer,
        sign=sign_of(kind, issuer.abbreviation, number),
        place_and_date=vi.paper_date(vi.local(matter.now).date(), issuer.place),
        title=kind.title,
        subject=subject,
        addressees=_addressees(matter),
        blocks=tuple(blocks),
        signer_title=tuple(line.upper() for line in lines(draft.signer_title)),
        signer_name=draft.signer_name,
        recipients=_recipients(matter),
        made_at=matter.now,
    )


def _forwarding(matter: Matter) -> tuple[str, list[Block]]:
    """Phiếu chuyển: items that another office must handle."""
    whom = _whom(matter)
    opening = (
        f"Căn cứ chức năng, nhiệm vụ được giao và quy định về tiếp nhận, xử lý phản ánh, kiến nghị của tổ chức, cá "
        f"nhân, {matter.issuer.name} chuyển đến {whom} {_count(matter)} sau đây để xem xét, giải quyết theo thẩm quyền:"
    )
    asked = matter.draft.request or (
        f"Xem xét, giải quyết theo thẩm quyền; thông báo kết quả cho {matter.issuer.name} để trả lời người dân"
    )
    return f"Chuyển {_named(matter)}", _about(matter, opening, asked)


def _official(matter: Matter) -> tuple[str, list[Block]]:
    """Công văn: items that another office is asked to handle or to help with."""
    opening = (
        f"Qua hệ thống tiếp nhận phản ánh của người dân và theo dõi thông tin công khai, {matter.issuer.name} nhận "
        f"được {_count(matter)} thuộc phạm vi quản lý của {_whom(matter)}, cụ thể như sau:"
    )
    asked = matter.draft.request or (
        f"Chỉ đạo kiểm tra, xử lý theo thẩm quyền; thông báo kết quả cho {matter.issuer.name} để tổng hợp, trả lời "
        "người dân"
    )
    return f"đề nghị xử lý {_named(matter)}", _about(matter, opening, asked)


def _about(matter: Matter, opening: str, asked: str) -> list[Block]:
    """The opening, the item or the table of items, then what the writer asks, until when, and of whom else."""
    draft, one = matter.draft, matter.one
    units = "; ".join(lines(draft.coordinating)) or "; ".join(one.coordinating if one else ())
    asks = [
        Fact(
            "Lý do chuyển" if matter.kind.title else "Lý do gửi",
            _free(draft.reason) or f"Nội dung thuộc chức năng, thẩm quyền của {_whom(matter)}",
        ),
        Fact("Đề nghị", _free(asked)),
        Fact("Thời hạn", _deadline(matter)),
        Fact("Đơn vị phối hợp", units or "không có"),
        Fact("Đầu mối liên hệ", draft.contact or matter.issuer.contact or matter.issuer.name),
    ]
    told: list[Block] = [opening]
    if one is not None:
        told += [(*_facts(one), *asks)]
    else:
        told += [table(matter.items), tuple(asks)]
    if draft.note:
        told += _paragraphs(draft.note)
    return [*told, f"{matter.issuer.name} trân trọng đề nghị {_whom(matter)} quan tâm thực hiện./."]


def _handling(matter: Matter) -> tuple[str, list[Block]]:
    """Phiếu xử lý: the item and what was done, for the unit's own file."""
    item, draft = matter.items[0], matter.draft
    given = f", nhận việc lúc {vi.full(item.assigned_at)}" if item.assigned_at else ""
    asks = [
        Fact("Đơn vị chủ trì", f"{item.holder or 'chưa giao'}{given}"),
        Fact("Đơn vị phối hợp", "; ".join(lines(draft.coordinating)) or "; ".join(item.coordinating) or "không có"),
        Fact("Thời hạn", _deadline(matter)),
        Fact("Kết quả xử lý", _free(item.answer) or "đang xử lý"),
        Fact("Đề xuất", _free(draft.request) or "không có"),
    ]
    if draft.reason:
        asks.insert(0, Fact("Nhận xét", _free(draft.reason)))
    blocks: list[Block] = [(*_facts(item), *asks)]
    return f"Xử lý {_named(matter)}", [*blocks, *_paragraphs(draft.note)]


def _answering(matter: Matter) -> tuple[str, list[Block]]:
    """Thư trả lời: the answer on paper, to whoever sent the report."""
    item, draft, issuer = matter.items[0], matter.draft, matter.issuer
    contact = draft.contact or issuer.contact
    more = f"hoặc liên hệ {contact}" if contact else f"hoặc liên hệ {issuer.name}"
    return f"trả lời phản ánh mã {_code(item)}", [
        f"{issuer.name} đã nhận được phản ánh của Ông/Bà (kênh {vi.channel(item.channel)}) lúc "
        f"{vi.full(item.received_at)}, nội dung như sau (thông tin cá nhân đã được che):",
        Quote(_cut(item.text, WHOLE_TEXT)),
        f"Sau khi kiểm tra, xử lý, {issuer.name} trả lời như sau:",
        *_paragraphs(item.answer),
        *_paragraphs(draft.note),
        f"Nếu việc chưa được giải quyết như trên, Ông/Bà có thể dùng mã tra cứu đã được cấp để yêu cầu mở lại, {more}.",
        f"{issuer.name} cảm ơn Ông/Bà và mong tiếp tục nhận được ý kiến./.",
    ]


def _guiding(matter: Matter) -> tuple[str, list[Block]]:
    """Thông báo: a complaint is not handled as a report; where and how it is lodged."""
    item, draft, issuer = matter.items[0], matter.draft, matter.issuer
    reception = "; ".join(lines(draft.addressee))
    reason = [_sentence(_free(draft.reason))] if draft.reason else []
    return "Hướng dẫn thực hiện khiếu nại", [
        f"{issuer.name} đã nhận được nội dung mã {_code(item)} do Ông/Bà gửi (kênh {vi.channel(item.channel)}) lúc "
        f"{vi.full(item.received_at)} (thông tin cá nhân đã được che):",
        Quote(_cut(item.text, WHOLE_TEXT)),
        "Qua xem xét, nội dung trên có tính chất khiếu nại quyết định hành chính hoặc hành vi hành chính. Việc này "
        "được giải quyết theo Luật Khiếu nại, không theo quy trình tiếp nhận phản ánh, kiến nghị; vì vậy nội dung "
        "không được tiếp tục xử lý trên hệ thống phản ánh.",
        *reason,
        "Để việc khiếu nại được xem xét đúng trình tự, đề nghị Ông/Bà gửi đơn đến người đã ra quyết định hoặc cơ quan "
        "có người thực hiện hành vi mà Ông/Bà khiếu nại. Đơn ghi rõ ngày, tháng, năm; họ tên, địa chỉ của người khiếu "
        "nại và của bên bị khiếu nại; nội dung, lý do, yêu cầu giải quyết, kèm tài liệu liên quan; có chữ ký hoặc "
        "điểm chỉ.",
        f"Ông/Bà có thể đến trực tiếp để được tiếp và hướng dẫn tại: {reception}.",
        *_paragraphs(draft.note),
        f"{issuer.name} thông báo để Ông/Bà biết và thực hiện./.",
    ]


WRITERS: dict[str, Callable[[Matter], tuple[str, list[Block]]]] = {
    "phieu-chuyen": _forwarding,
    "cong-van": _official,
    "phieu-xu-ly": _handling,
    "tra-loi": _answering,
    "huong-dan": _guiding,
}


def table(items: Sequence[Told]) -> Table:
    """The items as rows, in the order in which they were chosen."""
    note = MACHINE_NOTE if any(item.by_machine for item in items) else ""
    return Table(COLUMNS, tuple(_row(number, item) for number, item in enumerate(items, 1)), note=note)


def _row(number: int, item: Told) -> tuple[str, ...]:
    place = f"{item.place} ({item.older_short})" if item.older_short else item.place
    return (
        str(number),
        f"{_code(item)}\n{vi.channel(item.channel)}\n{_moment(item.received_at)}",
        _cut(" ".join(item.text.split()), IN_TABLE),
        place,
        f"{item.topic}; {item.urgency.lower()}{'*' if item.by_machine else ''}",
        _moment(item.due_at) if item.due_at else "theo quy định",
    )


def _facts(item: Told) -> list[Fact]:
    where = f"{item.place} ({item.older})" if item.older else item.place
    return [
        Fact(
            "Mã, kênh, thời điểm",
            f"{_code(item)}; kênh {vi.channel(item.channel)}; tiếp nhận lúc {vi.full(item.received_at)}"
            if item.is_report
            else f"{_code(item)}; bài đăng công khai, {vi.channel(item.channel)}; thu lúc {vi.full(item.received_at)}",
        ),
        Fact("Nội dung (nguyên văn, thông tin cá nhân đã che)", f"“{_cut(item.text, WHOLE_TEXT)}”"),
        Fact("Nơi xảy ra", where),
        Fact("Lĩnh vực", f"{item.topic}{_machine(item, 'topic')}"),
        Fact("Mức khẩn", f"{item.urgency}{_machine(item, 'urgency')}"),
    ]


def _machine(item: Told, task: str) -> str:
    """Said of what no person has confirmed (Luật Trí tuệ nhân tạo asks that it be said)."""
    return " (phần mềm đề xuất)" if task in item.by_machine else ""


def _addressees(matter: Matter) -> tuple[str, ...]:
    if matter.kind.to_citizen:
        what = "phản ánh" if matter.kind.slug == "tra-loi" else "nội dung"
        return (f"Ông/Bà đã gửi {what} mã {_code(matter.items[0])}",)
    return lines(matter.draft.addressee) or (f"Lãnh đạo {matter.issuer.name}",)


def _whom(matter: Matter) -> str:
    """The addressees within a sentence."""
    names = lines(matter.draft.addressee)
    return names[0] if len(names) == 1 else "quý cơ quan"


def _recipients(matter: Matter) -> tuple[str, ...]:
    kept = matter.one.coordinating if matter.one and not matter.kind.to_citizen else ()
    units = lines(matter.draft.coordinating) or kept
    also = [f"{unit} (phối hợp);" for unit in units]
    if matter.kind.slug == "huong-dan":
        also = [f"{unit};" for unit in lines(matter.draft.addressee)]
    return ("Như trên;", *also, "Lưu: VT.")


def _count(matter: Matter) -> str:
    if matter.one is not None:
        return matter.what
    return f"{vi.number(len(matter.items))} {matter.what}"


def _named(matter: Matter) -> str:
    """The items in the subject."""
    if matter.one is None:
        return f"{vi.number(len(matter.items))} {matter.what} của người dân"
    return f"{matter.what} mã {_code(matter.one)}"


def _code(item: Told) -> str:
    return f"{item.number} (dữ liệu mẫu)" if item.sample else item.number


def _deadline(matter: Matter) -> str:
    if matter.draft.deadline is not None:
        return f"trước hết ngày {matter.draft.deadline:%d/%m/%Y}"
    if matter.one is None:
        return "theo hạn ghi ở từng dòng của bảng"
    return f"trước {vi.full(matter.one.due_at)}" if matter.one.due_at else "theo quy định"


def _moment(moment: datetime) -> str:
    return f"{vi.clock(moment)} {vi.local(moment):%d/%m/%Y}"


def _free(words: str) -> str:
    """What an officer typed, on one line and with personal data hidden, the full stop left off."""
    return mask(" ".join(words.split())).rstrip(".")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


def _paragraphs(words: str) -> list[Block]:
    return [mask(line.strip()) for line in words.splitlines() if line.strip()]


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "… (lược bớt)"
