"""The search's second stage: pure functions over plain data, whatever the engine."""

from search.ranking.reading import ReadQuery, read_query
from search.ranking.stage import CODE, READ, Scored, characters, rescore
from search.ranking.weights import BY_LANGUAGE, ENGLISH, VIETNAMESE, Weights

__all__ = [
    "BY_LANGUAGE",
    "CODE",
    "ENGLISH",
    "READ",
    "VIETNAMESE",
    "ReadQuery",
    "Scored",
    "Weights",
    "characters",
    "read_query",
    "rescore",
]
