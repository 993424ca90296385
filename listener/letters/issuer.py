"""Who writes a letter: letterhead, abbreviation and place of the issuing unit, after NĐ 30/2020, appendix I."""

from dataclasses import dataclass

from listener.catalog.shapes import COMMUNE_OFFICE, COMMUNE_POLICE, Catalog, Department
from listener.errors import UnknownDepartment
from listener.papers.decree import letterhead

CITY = "TP"  # the register of letters that the city's own office writes


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuing unit: its name in sentences, the agency above it, its letterhead, and where it sits."""

    code: str
    name: str
    above: tuple[str, ...]
    lines: tuple[str, ...]
    abbreviation: str
    place: str
    contact: str


def issuer_of(code: str, catalog: Catalog, *, agency: str, city: str) -> Issuer:
    """The issuer of a department's code, or of the city's own office.

    Raises
    ------
    UnknownDepartment
        The catalogue has no such department.
    """
    if code == CITY:
        return Issuer(CITY, agency, (), letterhead(agency), _abbreviation_of(agency), city, "")
    department = catalog.departments.get(code)
    if department is None or code in (COMMUNE_OFFICE, COMMUNE_POLICE):
        raise UnknownDepartment(code)
    area = catalog.areas.get(department.area_code or "")
    name = f"{department.name} {city}" if department.name.endswith("thành phố") else department.name
    return Issuer(
        code,
        name,
        tuple(one.upper() for one in _above(department, agency)),
        ("VĂN PHÒNG",) if name.startswith("Văn phòng UBND") else letterhead(name),
        _abbreviation(department, area.kind if area else ""),
        # A name that is a number is written with what it numbers: “Phường 5”.
        (area.full_name if area.name[:1].isdigit() else area.name) if area else city,
        ", ".join(part for part in (department.phone, department.email) if part),
    )


def _above(department: Department, agency: str) -> tuple[str, ...]:
    """The agency directly above; a people's committee and a company stand for themselves."""
    if department.kind == "police":
        return (agency.replace("UBND", "Công an"),) if department.area_code else ("Bộ Công an",)
    return (agency,) if department.kind == "city" else ()


def _abbreviation(department: Department, area_kind: str) -> str:
    if department.code.startswith(f"{COMMUNE_OFFICE}-"):
        return "UBND"
    if department.code.startswith(f"{COMMUNE_POLICE}-"):
        return "CAP" if area_kind == "phuong" else "CAX"
    return department.code


def _abbreviation_of(agency: str) -> str:
    return (
        "UBND"
        if agency.startswith(("UBND", "Ủy ban nhân dân"))
        else "".join(word[0] for word in agency.split()).upper()
    )
