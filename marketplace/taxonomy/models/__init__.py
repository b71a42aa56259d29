"""Versioned vocabularies, what leads from one to another, words of queries, days of the calendar."""

from marketplace.taxonomy.models.calendar import CalendarDay
from marketplace.taxonomy.models.crosswalks import Crosswalk, CrosswalkTable, UnresolvedCode
from marketplace.taxonomy.models.vocabularies import (
    Labelled,
    Term,
    TermQuerySet,
    ValidityQuerySet,
    Vocabulary,
)
from marketplace.taxonomy.models.words import TermPair, Word, WordList

__all__ = [
    "CalendarDay",
    "Crosswalk",
    "CrosswalkTable",
    "Labelled",
    "Term",
    "TermPair",
    "TermQuerySet",
    "UnresolvedCode",
    "ValidityQuerySet",
    "Vocabulary",
    "Word",
    "WordList",
]
