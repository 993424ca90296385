"""What must hold in a catalogue; each fault is one Vietnamese sentence with the names in it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from datetime import date, time
from itertools import pairwise

from listener.catalog import source_kinds
from listener.catalog.shapes import Catalog, TopicOwner

FILE = "file"
YOUTUBE_UNITS = 10_000  # of one key a day


def faults(catalog: Catalog, topics: Collection[str]) -> list[str]:
    """Everything that contradicts itself: unknown codes, topics nobody owns, two owners of one topic and area."""
    return [
        *_unknown_codes(catalog, topics),
        *(f"lĩnh vực “{topic}” chưa có đơn vị phụ trách" for topic in topics if not _owned_everywhere(catalog, topic)),
        *_two_owners(catalog.owners),
        *_sources(catalog),
        *_older_units(catalog),
        *_clocks(catalog),
        *_retention(catalog),
    ]


def _unknown_codes(catalog: Catalog, topics: Collection[str]) -> Iterator[str]:
    for owner in catalog.owners:
        if owner.topic not in topics:
            yield f"chủ quản của “{owner.topic}”: không có lĩnh vực này"
        for code in (owner.department, *owner.coordinating):
            if code not in catalog.departments:
                yield f"lĩnh vực “{owner.topic}” giao cho “{code}”: không có đơn vị này"
        if owner.area is not None and owner.area not in catalog.areas:
            yield f"lĩnh vực “{owner.topic}” nêu địa bàn “{owner.area}”: không có địa bàn này"
        if owner.hours <= 0:
            yield f"lĩnh vực “{owner.topic}”: thời hạn phải lớn hơn 0 giờ"
    for department in catalog.departments.values():
        if department.area_code is not None and department.area_code not in catalog.areas:
            yield f"đơn vị “{department.code}” thuộc địa bàn “{department.area_code}”: không có địa bàn này"


def _retention(catalog: Catalog) -> Iterator[str]:
    for one in catalog.retention:
        if one.what not in ("author", "raw"):
            yield f"thời hạn lưu “{one.what}”: chỉ có “author” (bút danh người đăng) và “raw” (trang đã tải về)"
        if one.days <= 0:
            yield f"thời hạn lưu “{one.what}” phải lớn hơn 0 ngày"


def _owned_everywhere(catalog: Catalog, topic: str) -> bool:
    return any(owner.topic == topic and owner.area is None and owner.valid_to is None for owner in catalog.owners)


def _two_owners(owners: Collection[TopicOwner]) -> Iterator[str]:
    """Name pairs that own the same topic and area on the same day."""
    by_desk: dict[tuple[str, str | None], list[TopicOwner]] = defaultdict(list)
    for owner in owners:
        by_desk[owner.topic, owner.area].append(owner)
    for (topic, area), rivals in by_desk.items():
        ordered = sorted(rivals, key=lambda owner: owner.valid_from)
        for first, second in pairwise(ordered):
            if (first.valid_to or date.max) >= second.valid_from:
                yield f"“{topic}” × {area or 'mọi nơi'} có 2 chủ: {first.department} và {second.department}"


def _sources(catalog: Catalog) -> Iterator[str]:
    seen: set[str] = set()
    for source in catalog.sources:
        if source.slug in seen:
            yield f"nguồn “{source.slug}” có hai lần"
        seen.add(source.slug)
        if source.kind != FILE:  # stands for files that people import by hand
            yield from (f"nguồn “{source.slug}”: {fault}" for fault in source_kinds.faults(source))
    spent = sum(int(source.options.get("budget", 1_000)) for source in catalog.sources if source.kind == "youtube")
    if spent > YOUTUBE_UNITS:
        yield f"các nguồn YouTube cộng lại {spent} lượt gọi mỗi ngày, một khoá chỉ có {YOUTUBE_UNITS}"


def _clocks(catalog: Catalog) -> Iterator[str]:
    for department, count in Counter(clock.department for clock in catalog.clocks).items():
        if count > 1:
            yield f"giờ làm việc của {department or 'toàn thành phố'} có {count} lần"
        if department is not None and department not in catalog.departments:
            yield f"giờ làm việc ghi cho “{department}”: không có đơn vị này"
    for clock in catalog.clocks:
        who = clock.department or "toàn thành phố"
        if not _in_order(clock.hours):
            yield f"giờ làm việc của {who}: viết như 07:30-11:30, trước sau không chồng nhau"
        if not clock.days or not set(clock.days) <= set(range(1, 8)):
            yield f"ngày làm việc của {who}: ghi số từ 1 (thứ Hai) đến 7 (Chủ nhật)"
        if clock.waiting_days <= 0:
            yield f"số ngày chờ người gửi của {who} phải lớn hơn 0"


def _in_order(hours: Collection[str]) -> bool:
    """Whether the stretches are written as times, none empty, one after the other."""
    try:
        bounds = [time.fromisoformat(bound.strip()) for stretch in hours for bound in stretch.split("-")]
    except ValueError:
        return False
    return len(bounds) == 2 * len(hours) > 0 and all(first < second for first, second in pairwise(bounds))


def _older_units(catalog: Catalog) -> Iterator[str]:
    homes: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for area in catalog.areas.values():
        for old in area.older:
            if not old.partial:
                homes[old.kind, old.name, old.district, old.province].append(area.code)
    for (kind, name, district, _), codes in homes.items():
        if len(codes) > 1:
            yield f"đơn vị cũ {kind} {name} ({district}) nằm trọn trong {len(codes)} địa bàn: {', '.join(codes)}"
