"""The records that pass from room to room: frozen, typed, with one wire format.

The fields of a record are the keys of its JSON, in the same order; `wire` is the only writer of that JSON.
Lines are 1-based and inclusive. Where a field may be unknown it is None; tuples may be empty.
"""

from __future__ import annotations

from retriever.records.answers import Group, Hit, Mode, Parts, PassageHit, Reason, Results, Signal, SignalName
from retriever.records.browsing import By, Gaps, Sharing, Shelf, ThinTopic, TopicPage, Undescribed
from retriever.records.checks import CheckReport, Comparison, Fault, RepairReport
from retriever.records.exports import Export, ExportFormat, Lacking, Quote
from retriever.records.papers import (
    Dossier,
    Evidence,
    Paper,
    Passage,
    PassageKind,
    PerhapsSame,
    Topic,
    TopicRef,
    Window,
)
from retriever.records.queries import Filter, FilterName, Filters, Query, Sort
from retriever.records.reports import BuildReport, Examination, Finding, Place, Status
from retriever.records.wire import Json, failure, success, wire

__all__ = [
    "BuildReport",
    "By",
    "CheckReport",
    "Comparison",
    "Dossier",
    "Evidence",
    "Examination",
    "Export",
    "ExportFormat",
    "Fault",
    "Filter",
    "FilterName",
    "Filters",
    "Finding",
    "Gaps",
    "Group",
    "Hit",
    "Json",
    "Lacking",
    "Mode",
    "Paper",
    "Parts",
    "Passage",
    "PassageHit",
    "PassageKind",
    "PerhapsSame",
    "Place",
    "Query",
    "Quote",
    "Reason",
    "RepairReport",
    "Results",
    "Sharing",
    "Shelf",
    "Signal",
    "SignalName",
    "Sort",
    "Status",
    "ThinTopic",
    "Topic",
    "TopicPage",
    "TopicRef",
    "Undescribed",
    "Window",
    "failure",
    "success",
    "wire",
]
