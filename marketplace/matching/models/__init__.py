"""Matches of needs with results, offers and equipment, their runs and the weights that rank them."""

from marketplace.matching.models.matches import Band, Match, MatchQuerySet
from marketplace.matching.models.quality import LiveQuality
from marketplace.matching.models.rematching import Rematching
from marketplace.matching.models.runs import MatchRun, MatchRunQuerySet
from marketplace.matching.models.told import ToldMatch
from marketplace.matching.models.weights import WeightActivation, WeightSet

__all__ = [
    "Band",
    "LiveQuality",
    "Match",
    "MatchQuerySet",
    "MatchRun",
    "MatchRunQuerySet",
    "Rematching",
    "ToldMatch",
    "WeightActivation",
    "WeightSet",
]
