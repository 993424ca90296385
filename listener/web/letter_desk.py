"""How pages and REST speak to the writing of letters: who writes, for which house."""

from listener.catalog.shapes import Catalog
from listener.letters.service import House, Writer
from listener.route.workflow import Actor
from listener.settings import settings

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def writer_of(actor: Actor) -> Writer:
    """The actor as a writer of letters."""
    return Writer(actor.name, actor.role, actor.account_id, actor.department)


def house_of(catalog: Catalog) -> House:
    """The place whose letterheads are written."""
    return House(catalog, settings().agency, settings().city)
