"""All tables, by noun."""

from listener.store.tables.accounts import Account, ApiToken, Audit, AuditCheck
from listener.store.tables.base import Base
from listener.store.tables.catalog import (
    Area,
    Asset,
    Department,
    Holiday,
    OfficeClock,
    OldDistrict,
    OldUnit,
    TopicOwner,
    WatchTerm,
)
from listener.store.tables.deliver import Line, Outgoing, Receiver, Told, Untold, Wording
from listener.store.tables.desks import Assignment, Event, RejectedPair, Story, StoryItem
from listener.store.tables.duties import DataRequest, Retention
from listener.store.tables.items import Item, ItemRevision, Photo, Sender
from listener.store.tables.letters import Letter, LetterFile, LetterItem, LetterRegister
from listener.store.tables.proofs import SpentProof
from listener.store.tables.readings import Label, Prediction
from listener.store.tables.rules import RuleActivation, RuleRun, RuleSet
from listener.store.tables.sources import FetchedPage, Source, SourceGap, SourceRun
from listener.store.tables.talks import ReplyRow, Talk

__all__ = [
    "Account",
    "ApiToken",
    "Area",
    "Asset",
    "Assignment",
    "Audit",
    "AuditCheck",
    "Base",
    "DataRequest",
    "Department",
    "Event",
    "FetchedPage",
    "Holiday",
    "Item",
    "ItemRevision",
    "Label",
    "Letter",
    "LetterFile",
    "LetterItem",
    "LetterRegister",
    "Line",
    "OfficeClock",
    "OldDistrict",
    "OldUnit",
    "Outgoing",
    "Photo",
    "Prediction",
    "Receiver",
    "RejectedPair",
    "ReplyRow",
    "Retention",
    "RuleActivation",
    "RuleRun",
    "RuleSet",
    "Sender",
    "Source",
    "SourceGap",
    "SourceRun",
    "SpentProof",
    "Story",
    "StoryItem",
    "Talk",
    "Told",
    "TopicOwner",
    "Untold",
    "WatchTerm",
    "Wording",
]
