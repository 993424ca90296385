"""What a sender gives of themselves; it is sealed apart from the matter."""

from listener.collect.found import NewReport


def identity_of(report: NewReport) -> dict[str, str]:
    """What the sender gave of themselves; empty for an anonymous report."""
    given = {"name": report.name, "phone": report.phone, "email": report.email}
    return {name: value.strip() for name, value in given.items() if value and value.strip()}
