"""What is asked of an engine, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from search.analysis.words import Words

Sort = Literal["relevance", "newest", "deadline"]
Match = Literal["most", "any"]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Of these kinds only documents with one of the values of a facet are found; others as ever."""

    kinds: tuple[str, ...]
    facet: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Words somebody typed, with filters. Values of one filter are alternatives.

    ``match="most"`` wants most of the words in each hit, those with all of them first, and falls
    back to any of them where nothing has that many; ``"any"`` ranks whatever has one word. By
    date nothing can stand behind: there a hit of up to three words must hold all of them.
    ``without_kinds`` are never found, whatever else is asked; nor what ``narrowed`` leaves out.
    Facet counts of a filtered facet are counted without that facet's own filter, so that a
    list of checkboxes shows what each further choice would add.
    """

    text: str = ""
    kinds: tuple[str, ...] = ()
    without_kinds: tuple[str, ...] = ()
    narrowed: tuple[Narrowing, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] = ()
    match: Match = "most"


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A whole text, such as a need, for which likely answers are wanted.

    ``boosts`` are further phrases with their weight, where 1.0 is that of the text's own words;
    ``terms`` are ready index terms with theirs. ``rarity`` is a further power of how rare a term of
    the text is: a long text finds what shares its rare words first. ``filters`` and ``narrowed`` are as in a ``Query``.
    """

    text: str
    kinds: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    narrowed: tuple[Narrowing, ...] = ()
    limit: int = 200
    boosts: tuple[tuple[str, float], ...] = ()
    terms: tuple[tuple[str, float], ...] = ()
    rarity: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document with its stored text, for rescoring and explaining.

    Hits of a higher ``tier`` hold more of the words and stand before all of a lower one.
    """

    id: str
    kind: str
    key: str
    score: float
    title: str
    text: str
    tier: int = 0
    #: Terms of title and text, where the index keeps them.
    words: Words | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Results:
    """``whole`` are those of the total that hold all of the words: all where that is not asked,
    as in a long question. ``relaxed`` says that nothing held enough of the words, so any of them sufficed.

    ``understood`` is the query with its marks restored, where it was typed without them.
    """

    hits: list[Hit]
    total: int
    facets: dict[str, dict[str, int]]
    took_ms: float
    relaxed: bool = False
    understood: str = ""
    whole: int = 0
    #: Little held the words themselves, so their other language was searched too.
    is_translated: bool = False


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """What rescoring needs to weigh terms; ``average_length`` counts single terms."""

    document_count: int
    average_length: float
    document_frequency: dict[str, int]
