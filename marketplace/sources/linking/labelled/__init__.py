"""Labelled pairs made from real-looking records: the same record as another source would have it, and
records that look the same and are not. Everything follows from a seed."""

from marketplace.sources.linking.labelled.sets import Labelled, Member, labelled_set

__all__ = ["Labelled", "Member", "labelled_set"]
