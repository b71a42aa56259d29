"""How well a candidate answers a need, and why: pure functions over plain data."""

from marketplace.matching.scoring.data import (
    CandidateText,
    ElementFit,
    Evidence,
    Fit,
    LeftOut,
    MatchList,
    NeedText,
    Reason,
    Scored,
    Similar,
    Specification,
    SpecificationFit,
)
from marketplace.matching.scoring.need import ReadNeed, read_need
from marketplace.matching.scoring.reasons import render_element, render_reason
from marketplace.matching.scoring.score import Told, assess, rank, score
from marketplace.matching.scoring.weights import DEFAULT_WEIGHTS, Weights

__all__ = [
    "DEFAULT_WEIGHTS",
    "CandidateText",
    "ElementFit",
    "Evidence",
    "Fit",
    "LeftOut",
    "MatchList",
    "NeedText",
    "ReadNeed",
    "Reason",
    "Scored",
    "Similar",
    "Specification",
    "SpecificationFit",
    "Told",
    "Weights",
    "assess",
    "rank",
    "read_need",
    "render_element",
    "render_reason",
    "score",
]
