"""The services on offer and what each asks for, from the taxonomy and the catalogue."""

from typing import Any

from classifiers.taxonomy import Topic, load_taxonomy
from listener.catalog.shapes import OF_THE_COMMUNE, Area, Catalog
from listener.errors import BadInput, NotFound
from listener.route.public_service import public_topics

WARD, NOTE = "xa_phuong", "luu_y"
IN_DANGER = (
    "Đang nguy hiểm tới tính mạng thì gọi ngay 114 (cháy, cứu nạn), 113 (công an) hoặc 115 (cấp cứu), "
    "rồi mới gửi phản ánh: cán bộ chỉ đọc trong giờ làm việc."
)


def offered() -> dict[str, Topic]:
    """The topics that can be chosen from outside, by code."""
    leaves = load_taxonomy().leaves
    open_to_all = public_topics(load_taxonomy())
    return {slug: leaf for slug, leaf in leaves.items() if slug in open_to_all}


def service(code: str) -> Topic:
    """The service of a code.

    Raises
    ------
    NotFound
        It is not on offer. Topics that are never offered are not told apart from codes that never were.
    """
    found = offered().get(code)
    if found is None:
        raise NotFound(f"Không có service_code “{code[:80]}”. Danh sách: /services.")
    return found


def service_row(leaf: Topic, catalog: Catalog) -> dict[str, Any]:
    """One line of the list of services."""
    return {
        "service_code": leaf.slug,
        "service_name": leaf.name,
        "description": leaf.description,
        "metadata": bool(attributes(leaf, catalog)),
        "type": "realtime",
        "keywords": ", ".join(leaf.cues),
        "group": load_taxonomy().fields[leaf.field].name,
    }


def definition(code: str, catalog: Catalog) -> dict[str, Any]:
    """What a service asks for beside the text and the place.

    Raises
    ------
    NotFound
        No such service.
    BadInput
        The service asks for nothing more (its ``metadata`` is false).
    """
    found = attributes(service(code), catalog)
    if not found:
        raise BadInput(f"Dịch vụ “{code}” không có câu hỏi thêm (metadata là false).")
    return {"service_code": code, "attributes": found}


def attributes(leaf: Topic, catalog: Catalog) -> list[dict[str, Any]]:
    """The ward, where the desk depends on it; a word of warning, where the topic is urgent by nature."""
    asked = [_ward(catalog)] if _hangs_on_ward(leaf.slug, catalog) else []
    if leaf.urgency == "khan":
        asked = [_attribute(NOTE, "text", IN_DANGER, variable=False), *asked]
    return [{**one, "order": place} for place, one in enumerate(asked, start=1)]


def _hangs_on_ward(topic: str, catalog: Catalog) -> bool:
    return any(owner.topic == topic and owner.department in OF_THE_COMMUNE for owner in catalog.owners)


def _ward(catalog: Catalog) -> dict[str, Any]:
    rows = sorted(catalog.areas.values(), key=lambda area: area.code)
    return {
        **_attribute(WARD, "singlevaluelist", "Việc xảy ra ở xã, phường nào (tên hiện nay)?", variable=True),
        "datatype_description": "Chọn một; trong ngoặc là tên trước ngày 1/7/2025. Bỏ trống nếu không rõ.",
        "values": [{"key": area.code, "name": _with_older(area)} for area in rows],
    }


def _with_older(area: Area) -> str:
    older = dict.fromkeys(old.name for old in area.older if old.name != area.name)
    return f"{area.full_name} ({', '.join(older)})" if older else area.full_name


def _attribute(code: str, datatype: str, description: str, *, variable: bool) -> dict[str, Any]:
    return {
        "variable": variable,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": None,
        "order": 1,
        "description": description,
        "values": [],
    }
