"""Cut a text into the parts of addresses: streets, hamlets, landmarks, and named units old and new."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import place_words as words
from .fold import fold, lower
from .gazetteer import Mention, NameBook, name_key
from .streets import STREET_NAME

# Type words as people write them → the kind of unit.
_SPELLINGS = {
    "phuong": "phường phuong phương p p. f.",
    "xa": "xã xa x.",
    "thi_tran": "thị_trấn thi_tran tt tt.",
    "quan": "quận quan q q.",
    "huyen": "huyện huyen h.",
    "thi_xa": "thị_xã thi_xa tx tx.",
    "thanh_pho": "thành_phố thanh_pho tp tp.",
    "tinh": "tỉnh tinh t.",
}
_KINDS = {word.replace("_", " "): kind for kind, written in _SPELLINGS.items() for word in written.split(" ")}
_WIDER = ("quan", "huyen", "thi_xa", "thanh_pho", "tinh")
KIND_BEFORE = re.compile(
    r"(?<![^\W_])(phường|phuong|phương|thị trấn|thi tran|thị xã|thi xa|thành phố|thanh pho|huyện|huyen|quận"
    r"|quan|tỉnh|tinh|xã|xa|tt\.?|tx\.?|tp\.?|p\.?|x\.|q\.?|h\.|f\.|t\.)\s*$"
)
_KIND_ENDS = tuple(
    ". phường phuong phương trấn tran xã xa phố pho huyện huyen quận quan tỉnh tinh tt tx tp p q".split()
)  # a cheap look before the pattern above


def kind_before(small: str, start: int) -> re.Match[str] | None:
    """The type word right before a name."""
    if not small[max(0, start - 12) : start].rstrip().endswith(_KIND_ENDS):
        return None
    return KIND_BEFORE.search(small, max(0, start - 12), start)


_NUMBERED = re.compile(
    r"(?<![^\W_])(?:(phường|phuong|p\.|f\.|p(?=\d)) ?)(\d{1,2}|i{1,3}|iv|v|vi{1,2})(?![^\W_]|[.,/]\d)"
)
_WARD_SIGN = re.compile(r"p(?:h[ưu]|\.|\d)|f\.")  # a cheap look before the pattern above
_PAST_AFTER = re.compile(
    r"\s*\(?\s*(?:(?:hồi )?cũ|củ(?= ?[,.;]|$)|cu(?= |,|\.|$|\)|:|;|\n)|trước đây|truoc day|trước kia|hồi trước"
    r"|hồi xưa|ngày trước|xưa|trước sáp nhập)(?![^\W_])\)?"
)
_PAST_BEFORE = re.compile(r"(?:trước đây là|trước là|truoc la|hồi còn|cũ là|địa bàn cũ|tên cũ|nguyên là)\s*(?:\w+\s)?$")
_NOW_AFTER = re.compile(
    r"\s*[,(]?\s*(?:nay là|nay thuộc|nay la|nay thuoc|giờ là|bây giờ là|gio la|giờ thuộc|nay nhập"
    r"|tức là)(?![^\W_])"
)
_CUE = re.compile(
    r"(?<![^\W_])(?:ở|tại|bên|khu vực|về|dưới|trên|qua|tới|đến|từ|vùng|miệt|xứ|đất|dân|bà con|người dân|trong"
    r"|ra|vô|lên|xuống|gần|thuộc|hướng|tuyến|khúc|đoạn"
    r"|o|tai|ben|khu vuc|ve|duoi|mien|miet|xu|dan|ba con|thuoc)\s+$"
)
_ADDRESSEE = re.compile(
    r"(?<![^\W_])(?:(?:đồng )?kính gửi|kinh gui|kính gởi|kinh goi|kính thưa|kinh thua|kính trình)\s*:?[^,.;:!?\n]*"
    r"|(?<![^\W_])(?:gửi|gởi|gui)\s*:?\s*(?:đến |tới |quý |anh em |lãnh đạo |các anh |mấy anh )?(?:ubnd|ủy ban"
    r"|uy ban|công an|cong an|đảng ủy|chủ tịch|chu tich)[^,.;:!?\n]*"
)
_ISSUED = re.compile(r"(?:cấp tại|cap tai|nơi cấp:?|do (?:ubnd |công an )cấp) $")
_WORD_BEFORE = re.compile(r"[^\W_]+(?=[ ]$)")
_CAPITAL_BEFORE = re.compile(r"(?<![.!?:,;] )(?<!^)(?<!\n)\b(?=[^\W\d_])(?![a-zà-ỹđ])[^\W_]+ $")
# Offices that locate nothing by themselves: they belong to a place only behind a word that moves the point.
_AGENCIES = frozenset(
    "công an|cong an|ubnd|ủy ban|uy ban|ủy ban nhân dân|trạm y tế|tram y te|trường|truong|nhà văn hóa".split("|")
)
_MEASURE = re.compile(
    r" ?(?:m|m2|km|kv|h|g|giờ|gio|phút|mét|met|thước|thuoc|tháng|năm|ngày|người|hộ|đồng|ngàn|triệu|nhà|cái"
    r"|cây|con|lần|sao|điểm|khách|ngay|thang|x\d+)(?![^\W_])(?! \d)"
)
_TYPED = re.compile(r"(?:phường|phuong|xã|xa|thị trấn|thi tran|tt|p\.|ấp|ap)(?![^\W_])")
_DASH = re.compile(r" ?[-–] ?")
_LENDS_NAME = ("landmark", "estate", "crossing", "water")


def _addressees(small: str) -> list[tuple[int, int]]:
    if not any(word in small for word in ("gửi", "gui", "gởi", "kính g", "kinh g", "kính t", "kinh t")):
        return []
    return [match.span() for match in _ADDRESSEE.finditer(small)]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of an address: a detail (street, hamlet, landmark) or a named unit."""

    start: int
    end: int
    mention: Mention | None = None
    kind: str = "unit"
    nameless: bool = False

    @property
    def is_unit(self) -> bool:
        return self.kind == "unit" and self.mention is not None and self.mention.kind not in _WIDER

    @property
    def is_wider(self) -> bool:
        return self.kind == "unit" and self.mention is not None and self.mention.kind in _WIDER


class Scan:
    """All the parts of addresses in one text."""

    def __init__(self, text: str, hits: list[tuple[int, int, str]], book: NameBook) -> None:
        self.text = text
        self.small = lower(text)
        self.folded = fold(text)
        self.hits = {start: (end, key) for start, end, key in hits}
        self.book = book
        self.marked = words.is_marked(self.small)
        self.shouted = text.isupper()
        self.hidden = _addressees(self.small)
        self.numbered = list(_NUMBERED.finditer(self.small)) if _WARD_SIGN.search(self.small) else []

    def parts(self) -> list[Part]:
        """Details and units in order, never overlapping; a detail swallows the name it bears."""
        details = list(self._details())
        units = [
            part
            for part in (*self._numbered(), *self._named())
            if not (details and any(d.start < part.end and part.start < d.end for d in details))
        ]
        seen: list[Part] = []
        for part in sorted((*details, *units), key=lambda part: (part.start, -part.end)):
            if (not seen or part.start >= seen[-1].end) and not (
                self.hidden and any(start <= part.start < end for start, end in self.hidden)
            ):
                seen.append(part)
        return seen

    def _details(self) -> Iterator[Part]:
        done = 0
        for match in words.openings(self.small):
            if match.start() < done or self._inside_name(match):
                continue
            part = self._detail(match)
            if part:
                done = part.end
                yield part

    def _inside_name(self, match: re.Match[str]) -> bool:
        """Whether the opening word is itself part of a name (Trường Long, Cù Lao Dung, Nam Sông Hậu)."""
        before = self.text[max(0, match.start() - 14) : match.start()]
        if self.text[match.start()].isupper() and not self.shouted and _CAPITAL_BEFORE.search(before):
            return True
        for start, (end, _) in self.hits.items():
            if start <= match.start() < end and end >= match.end():
                typed = kind_before(self.small, start)
                return (
                    bool(typed)
                    or start < match.start()
                    or (self.text[start].isupper() and not self.shouted and "cầu" not in match[0])
                )
        return False

    def _detail(self, match: re.Match[str]) -> Part | None:
        """A street, hamlet or landmark with its name; None when no name follows the opening word."""
        kind, word = match.lastgroup or "", match[0]
        start, after = match.start(), match.end()
        begin = after + 1 if self.text[after : after + 1] == " " else after
        number = words.NUMBER_NAME.match(self.small, after)
        if word in words.BARE and (self.marked or number):
            return None
        if number and not self._is_measure(number.end()):
            return Part(
                self._moved(start), self._tail(self._crossed(self._street_behind(number.end(), kind), kind)), kind=kind
            )
        if kind == "number":
            return None
        weak = word in words.DOUBTFUL
        if self._typed_unit(begin) and not (kind == "hamlet" and self.text[begin].isupper()):
            alone = kind in ("landmark", "crossing", "water") and not (weak and not words.is_marked(word))
            alone = alone and (word not in _AGENCIES or self._moved(start) < start)
            return Part(self._moved(start), after, kind=kind, nameless=True) if alone else None
        hit, capital = self.hits.get(begin), self._capital(begin)
        if hit and (capital is None or hit[0] >= capital) and (capital is not None or not weak or not self.marked):
            return self._landmark(start, begin, hit[0], kind, word)
        if capital is not None:
            return self._landmark(start, begin, capital, kind, word)
        bare = (
            words.NAMELESS.match(self.small, after) if kind in ("landmark", "water", "crossing") and not weak else None
        )
        if bare:
            return Part(self._moved(start), bare.end(), kind=kind, nameless=True)
        end = begin if weak and word not in ("hem", "ap") else self._small_name(begin, kind)
        return Part(self._moved(start), self._tail(end), kind=kind) if end > begin else None

    def _street_behind(self, end: int, kind: str) -> int:
        """End of a street's name that follows a number without the word for street (hẻm 51 Nguyễn Trãi)."""
        if kind not in ("alley", "number") or self.text[end : end + 1] != " ":
            return end
        street = STREET_NAME.match(self.folded, end + 1)
        return max(self._capital(end + 1) or end, street.end() if street else end)

    def _small_name(self, begin: int, kind: str) -> int:
        if kind in ("street", "alley", "crossing") and (street := STREET_NAME.match(self.folded, begin)):
            return self._crossed(street.end(), kind)
        if kind not in ("street", "alley", "hamlet") or (self.marked and kind != "hamlet"):
            return begin
        end = words.small_name_end(self.folded, begin)
        if not self.marked:
            return end
        return (
            end
            if kind == "hamlet" and self.small[begin:end].count(" ") and (self.shouted or not self._has_capitals())
            else begin
        )

    def _has_capitals(self) -> bool:
        return any(letter.isupper() for letter in self.text[1:])

    def _landmark(self, start: int, begin: int, end: int, kind: str, word: str) -> Part:
        mention = self._lent(begin, end, kind, word)
        after = _PAST_AFTER.match(self.small, end) if mention else None
        if mention and after:
            return Part(self._moved(start), after.end(), replace(mention, older=True), kind)
        return Part(self._moved(start, kind), self._tail(self._crossed(end, kind)), mention, kind)

    def _crossed(self, end: int, kind: str) -> int:
        """End of the second street of a crossing or road (ngã tư Mậu Thân – 30 Tháng 4, lộ Nhơn Nghĩa - Ba Cao)."""
        dash = _DASH.match(self.text[end : end + 3]) if kind in ("crossing", "street") else None
        if not dash or self._typed_unit(end + dash.end()):
            return end
        begin = end + dash.end()
        street = STREET_NAME.match(self.folded, begin)
        return self._capital(begin) or (street.end() if street else end)

    def _lent(self, begin: int, end: int, kind: str, word: str) -> Mention | None:
        """The unit whose name a landmark bears (chợ Cái Răng)."""
        key = name_key(self.text[begin:end])
        known = key in self.book.units or key in self.book.olds or key in self.book.districts
        lends = (kind in _LENDS_NAME and word not in ("góc", "goc")) or word in (
            "khu vực",
            "khu vuc",
            "cồn",
            "cù lao",
            "cu lao",
        )
        return Mention(key, written=self.small[begin:end]) if lends and known else None

    def _capital(self, begin: int) -> int | None:
        """End of the capitalised name at ``begin``; None when there is none or everything is in capitals."""
        if self.shouted:
            return None
        match = words.CAPITAL_NAME.match(self.text, begin)
        return match.end() if match else None

    def _is_measure(self, end: int) -> bool:
        return bool(_MEASURE.match(self.small[end : end + 9]))

    def _typed_unit(self, begin: int) -> bool:
        return bool(_TYPED.match(self.small[begin : begin + 10]))

    def _moved(self, start: int, kind: str = "") -> int:
        """Start with the words that move the point (đầu hẻm, sau lưng chợ) or the house number (121 đường X)."""
        house = words.HOUSE.search(self.small, max(0, start - 12), start) if kind == "street" else None
        if house:
            return house.start()
        before = self.small[max(0, start - 40) : start]
        if before.rpartition(" ")[0].rpartition(" ")[2] not in words.MOVING:
            return start
        match = words.MOVER.search(before)
        if not match:
            return start
        opening = match[0]
        if self.marked and not words.is_marked(opening) and opening.strip() not in ("sau", "ngang", "sau hông"):
            return start
        return start - len(opening)

    def _tail(self, end: int) -> int:
        match = words.TAIL.match(self.small, end)
        return match.end() if match else end

    def _numbered(self) -> Iterator[Part]:
        """Older wards that bore a number: phường 3, P.5, phường III."""
        for match in self.numbered:
            key = name_key(match[2])
            if self.book.is_ward_number(key) and not _ISSUED.search(
                self.small, max(0, match.start() - 20), match.start()
            ):
                yield self._unit(match.start(), match.end(), Mention(key, "phuong"))

    def _named(self) -> Iterator[Part]:
        ends = {end for end, _ in self.hits.values()} | {match.end() for match in self.numbered}
        for start, (end, key) in self.hits.items():
            typed = kind_before(self.small, start)
            if typed and self._fits(typed[1], start):
                if not _ISSUED.search(self.small, max(0, typed.start() - 20), typed.start()):
                    yield self._unit(typed.start(), end, Mention(key, _KINDS[typed[1]], written=self.small[start:end]))
            elif (start - 1 in ends and key in self.book.districts) or self._may_be_bare(start, end):
                yield self._unit(start, end, Mention(key, written=self.small[start:end]))

    def _fits(self, word: str, start: int) -> bool:
        """Whether the type word can be one: in a marked text xa (far) and quan are none."""
        if word in ("p", "q", "tt", "tp", "tx"):
            return True
        return (
            not self.marked
            or "." in word
            or words.is_marked(word)
            or not words.is_marked(self.small[start : start + 30])
        )

    def _unit(self, start: int, end: int, mention: Mention) -> Part:
        after = _PAST_AFTER.match(self.small, end)
        if after:
            return Part(start, after.end(), replace(mention, older=True))
        older = bool(_NOW_AFTER.match(self.small, end) or _PAST_BEFORE.search(self.small, max(0, start - 24), start))
        return Part(start, end, replace(mention, older=older))

    def _may_be_bare(self, start: int, end: int) -> bool:
        """Whether a name without a type word is a place here, and not part of a longer name or common words."""
        name = self.text[start:end]
        before = self.small[max(0, start - 12) : start]
        cued = bool(_CUE.search(before))
        if all(word[0].isupper() or word[0].isdigit() for word in name.split(" ")) and not self.shouted:
            return (not self._continues(start, end) or (cued and not self._continues(start + 99999, end))) and (
                self.marked or cued or before.endswith((", ", "- "))
            )
        marked = words.is_marked(name.lower()) or self.small[start:end] in self.book.spellings(name_key(name))
        return " " in name and (cued or before.endswith(", ")) and (marked or not self.marked)

    def _continues(self, start: int, end: int) -> bool:
        """Whether the capitalised run goes on before or behind the name (Nguyễn Thị Tân An, Thạnh Phú Đông)."""
        word = _WORD_BEFORE.search(self.text, 0, start) if start < len(self.text) else None
        sentence_start = word is None or word.start() == 0 or self.text[: word.start()].rstrip()[-1:] in ".!?\n"
        behind = self.text[end : end + 2]
        longer = len(behind) == 2 and behind[0] == " " and behind[1].isupper()
        return longer or (word is not None and word[0][0].isupper() and not sentence_start)
