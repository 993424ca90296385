"""All tables, by noun."""

from listener.store.tables.accounts import Account, ApiToken, Audit, AuditCheck
from listener.store.tables.base import Base
from listener.store.tables.catalog import Area, Department, Holiday, OldDistrict, OldUnit, TopicOwner, WatchTerm
from listener.store.tables.desks import Assignment, Event, Story, StoryItem
from listener.store.tables.duties import DataRequest, Retention
from listener.store.tables.items import Item, ItemRevision, Photo, Sender
from listener.store.tables.readings import Label, Prediction
from listener.store.tables.sources import Source, SourceRun

__all__ = [
    "Account",
    "ApiToken",
    "Area",
    "Assignment",
    "Audit",
    "AuditCheck",
    "Base",
    "DataRequest",
    "Department",
    "Event",
    "Holiday",
    "Item",
    "ItemRevision",
    "Label",
    "OldDistrict",
    "OldUnit",
    "Photo",
    "Prediction",
    "Retention",
    "Sender",
    "Source",
    "SourceRun",
    "Story",
    "StoryItem",
    "TopicOwner",
    "WatchTerm",
]
