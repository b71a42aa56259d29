"""Records that may be one, and records that were merged: two desks of the admin."""

from cms.duplicates.merges import MergeViewSet
from cms.duplicates.pairs import PairViewSet

__all__ = ["MergeViewSet", "PairViewSet"]
