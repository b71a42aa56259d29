"""Matches of needs with supply: runs, weights, and what people say about them."""

from marketplace.matching.models.answers import Pass, PassQuerySet, Side
from marketplace.matching.models.curation import Curation, CurationQuerySet
from marketplace.matching.models.found import Band
from marketplace.matching.models.interests import (
    ConsideredNeed,
    Interest,
    InterestMatch,
    InterestQuerySet,
    open_rows,
)
from marketplace.matching.models.judging import (
    Grade,
    Judgement,
    JudgingItem,
    JudgingPool,
    JudgingSeat,
)
from marketplace.matching.models.matches import (
    Match,
    MatchQuerySet,
    reads_all_matches,
    supplied,
    supplier_of,
)
from marketplace.matching.models.quality import LiveQuality
from marketplace.matching.models.rematching import Rematching
from marketplace.matching.models.runs import MatchRun, MatchRunQuerySet
from marketplace.matching.models.told import ToldMatch
from marketplace.matching.models.weights import WeightActivation, WeightSet

__all__ = [
    "Band",
    "ConsideredNeed",
    "Curation",
    "CurationQuerySet",
    "Grade",
    "Interest",
    "InterestMatch",
    "InterestQuerySet",
    "Judgement",
    "JudgingItem",
    "JudgingPool",
    "JudgingSeat",
    "LiveQuality",
    "Match",
    "MatchQuerySet",
    "MatchRun",
    "MatchRunQuerySet",
    "Pass",
    "PassQuerySet",
    "Rematching",
    "Side",
    "ToldMatch",
    "WeightActivation",
    "WeightSet",
    "open_rows",
    "supplied",
    "supplier_of",
    "reads_all_matches",
]
