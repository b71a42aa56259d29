"""Labelled pairs made from real-looking records: the same record as another source would have it, and
records that look the same and are not. Everything follows from a seed."""

from marketplace.sources.linking.labelled.members import HARD_SEEDS, SEEDS, Half, Labelled, Member
from marketplace.sources.linking.labelled.relatives import hard_set
from marketplace.sources.linking.labelled.sets import labelled_set

__all__ = ["HARD_SEEDS", "SEEDS", "Half", "Labelled", "Member", "hard_set", "labelled_set"]
