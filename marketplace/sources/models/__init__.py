"""Where records come from, what came in, and what staff made of it."""

from marketplace.sources.models.codes import WaitingCode
from marketplace.sources.models.corrections import Conflict, Correction
from marketplace.sources.models.keys import ReaderKey, SharingAgreement, SourceKey
from marketplace.sources.models.linking import LinkKey, LinkMark, LinkPair, Merge
from marketplace.sources.models.records import RawRecord, RecordType, UndoOutcome
from marketplace.sources.models.runs import DAMAGED_TEXT, Fault, Run
from marketplace.sources.models.sources import Master, Sharing, Source, SourceKind
from marketplace.sources.models.uploads import Upload
from marketplace.sources.models.vanished import Listed, Vanishing

__all__ = [
    "DAMAGED_TEXT",
    "Conflict",
    "Correction",
    "Fault",
    "LinkKey",
    "LinkMark",
    "LinkPair",
    "Listed",
    "Master",
    "Merge",
    "RawRecord",
    "RecordType",
    "ReaderKey",
    "Run",
    "Sharing",
    "SharingAgreement",
    "Source",
    "SourceKey",
    "SourceKind",
    "UndoOutcome",
    "Upload",
    "Vanishing",
    "WaitingCode",
]
