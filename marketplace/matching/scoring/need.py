"""A need read once: its terms, elements, figures and exclusions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from marketplace.matching.scoring.data import Language, NeedText, Specification
from marketplace.matching.scoring.languages import COMMON, in_their_language
from marketplace.matching.scoring.lexical import tokenize
from marketplace.matching.scoring.measures import measures_known
from marketplace.matching.scoring.weights import DEFAULT_WEIGHTS, Weights
from marketplace.reading.cleaning import plain_text
from marketplace.reading.elements import Element, Gazetteer
from marketplace.reading.marks import NO_MARKS, Marks, Statistics, surely_marked
from marketplace.reading.needs import (
    ELEMENT_KINDS,
    dropped_figures,
    elements_of_need,
    excluded_phrases,
    part_key,
)
from marketplace.reading.negation import ExclusionKind, read_negations
from marketplace.reading.quantities import Operator, Quantity, read_quantities, read_value
from search.analysis import detect_language, fold_terms, has_diacritics, normalize
from search.analysis.abbreviations import expansions
from search.queries import TermStatistics
from search.ranking.reading import (
    ASKING,
    BARE_ASKING,
    BARE_GRAMMAR,
    GRAMMAR,
    Pair,
    ReadQuery,
    Said,
    said_otherwise,
)

_LONGEST = 20_000  # characters; what follows in a pasted tender says nothing new
_MOST_ELEMENTS = 8
_SIZES = frozenset({"kg·s^-1", "m^3·s^-1", "kg·mẻ^-1", "m^3·mẻ^-1", "kg·ca^-1"})
_MOST_TERMS = 800  # distinct ones


@dataclass(frozen=True, slots=True)
class ReadNeed:
    need: NeedText
    title: str
    text: str
    language: Language
    folded: bool  # typed without diacritics: compared without them
    words: ReadQuery  # how often it says each term and pair, and which others mean the same
    elements: tuple[Element, ...]
    figures: tuple[Quantity, ...]
    sizes: tuple[Quantity, ...]  # rates and batches that it tells of, whatever they are named
    texts: tuple[Specification, ...]  # required in words, not in figures
    excluded: tuple[str, ...]
    lessened: tuple[str, ...]
    marks: Marks = NO_MARKS  # of one typed without diacritics, where an index told them

    def statistics_of(self, index: Statistics) -> TermStatistics:
        """How rare its words are in an index: what scoring weighs them by."""
        return in_their_language(index([*self.words.statistics_terms, *COMMON]), self.words)

    @property
    def phrases(self) -> tuple[tuple[str, float], ...]:
        """Other spellings that the engine should look for too."""
        seen = {spelling: 0.5 for element in self.elements for spelling in element.spellings}
        return tuple(seen.items())


def read_need(
    need: NeedText,
    *,
    gazetteer: Gazetteer | None = None,
    weights: Weights = DEFAULT_WEIGHTS,
    statistics: Statistics | None = None,
) -> ReadNeed:
    """
    Args:
        need: as posted.
        gazetteer: the vocabulary of elements; by default the one in use.
        weights: those in force.
        statistics: of the index, to tell by the context which words a need without diacritics means.
    """
    title, text = normalize(plain_text(need.title)), normalize(plain_text(need.text[:_LONGEST]))
    whole = f"{title}.\n{text}" if title else text
    language = need.language or detect_language(whole)
    folded = not has_diacritics(whole) and language != "en"
    wanted = (
        normalize(plain_text(f"{need.title}.\n{need.wanted[:_LONGEST]}")) if need.wanted else whole
    )
    negations = read_negations(whole)
    exclusions = [negation for negation in negations if negation.forbids]
    # "Hiện không dùng lò hơi" is no wish, so with a part that says what is wanted only that counts.
    wishes = negations if wanted is whole else read_negations(wanted)
    added = "\n".join(
        one.text for one in need.corrections if one.kind in ELEMENT_KINDS and not one.was
    )
    parts = ((title, weights.title_of_need), (f"{text}\n{added}" if added else text, 1.0))
    marks = surely_marked(whole, statistics, gazetteer) if folded and statistics else NO_MARKS
    elements = elements_of_need(
        whole,
        language,
        gazetteer=gazetteer,
        exclusions=exclusions,
        corrections=need.corrections,
        marked=marks.text,
        doubtful=marks.doubtful,
    )[:_MOST_ELEMENTS]
    told = read_quantities(wanted, language)
    figures = _figures(need, told)
    return ReadNeed(
        need=need,
        title=title,
        text=text,
        language=language,
        folded=folded,
        words=_words(parts, language, elements, folded=folded, fields=need.fields),
        elements=elements,
        figures=figures,
        sizes=_sizes(figures, told),
        texts=tuple(row for row in need.specifications if row.operator == "text" and row.text),
        excluded=excluded_phrases(
            [*need.excluded, *(wish.phrase for wish in wishes if wish.forbids)], need.corrections
        ),
        lessened=_unique(
            # One word alone says too little of what is to be less.
            wish.phrase
            for wish in wishes
            if wish.kind is ExclusionKind.LESS and " " in wish.phrase
        ),
        marks=marks,
    )


def _words(
    parts: tuple[tuple[str, float], ...],
    language: Language,
    elements: tuple[Element, ...],
    *,
    folded: bool,
    fields: Sequence[str],
) -> ReadQuery:
    counts: dict[str, float] = {}
    pairs: dict[Pair, float] = {}
    others: dict[str, float] = {}
    translated: list[Said] = []
    for part, worth in parts:
        terms = tokenize(part, language, folded=folded or language == "en")
        terms = _of_the_first(terms, _MOST_TERMS)
        for term in terms:
            counts[term] = counts.get(term, 0.0) + worth
        for pair in pairwise(terms):
            pairs[pair] = pairs.get(pair, 0.0) + worth
        exact = terms if not folded and language != "en" else ()
        for one in expansions(fold_terms(terms), exact=exact):
            _put(others, one.exact_terms, one.end - one.start)
        translated += said_otherwise(terms, language, fields=fields)
    for element in elements:
        for spelling in element.spellings:
            _put(others, tokenize(spelling, "", folded=folded), 1)
    asking, grammar = (BARE_ASKING, BARE_GRAMMAR) if folded else (ASKING, GRAMMAR)
    if language == "en":
        asking = grammar = frozenset()
    return ReadQuery(
        language=language,
        counts=counts,
        pairs=pairs,
        others={term: share for term, share in others.items() if term not in counts},
        asking=asking & counts.keys(),
        grammar=grammar & counts.keys(),
        is_text=False,
        is_bare=folded,
        translated=tuple(translated),
    )


def _of_the_first(terms: tuple[str, ...], most: int) -> tuple[str, ...]:
    """The beginning of a text, up to so many distinct terms."""
    kept = (
        set(dict.fromkeys(terms)) if len(terms) <= most else set(list(dict.fromkeys(terms))[:most])
    )
    return tuple(term for term in terms if term in kept)


def _put(others: dict[str, float], terms: Sequence[str], said: int) -> None:
    """The parts of a longer spelling prove less, each by itself."""
    for term in terms:
        others[term] = max(others.get(term, 0.0), min(1.0, said / len(terms)))


def _figures(need: NeedText, told: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Required figures: the rows of the form, or without any what the text asks for."""
    figures = [figure for row in need.specifications if (figure := figure_of(row)) is not None]
    if figures:
        return tuple(figures)
    named: set[tuple[str, str]] = set()
    dropped = dropped_figures(need.corrections)
    stated = bool(need.wanted)
    for figure in told:
        if figure.current or not figure.name or is_frame(figure):
            continue
        if part_key(figure.text) in dropped:
            continue
        bound = figure.operator in {Operator.AT_LEAST, Operator.AT_MOST}
        if not (bound or (stated and figure.asked) or measures_known(figure)):
            continue  # free text tells of the present plant as much as of the wanted one
        key = (figure.dimension, _key(figure.name))
        if key in named:
            continue
        named.add(key)
        figures.append(figure)
    return tuple(figures[:12])


def _sizes(figures: Iterable[Quantity], told: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """What is to be made in a time or at once, in mass or volume."""
    return tuple(one for one in (*figures, *told) if one.dimension in _SIZES and not one.current)


def figure_of(row: Specification) -> Quantity | None:
    if row.operator == "text" or (row.low is None and row.high is None):
        return read_value(row.text, "", "=", row.name) if row.text else None
    if row.operator == "range" and row.low is not None and row.high is not None:
        return read_value(f"{_number(row.low)} - {_number(row.high)}", row.unit, "range", row.name)
    value = row.low if row.low is not None else row.high
    assert value is not None
    return read_value(_number(value), row.unit, row.operator, row.name)


def _number(value: float) -> str:
    """As it is written in Vietnamese: 1.200,5."""
    plain = f"{value:,.6f}".rstrip("0").rstrip(".")
    return plain.translate(str.maketrans(",.", ".,"))


_FRAME_WORDS = (
    "ngân sách",
    "kinh phí",
    "vốn đầu tư",
    "ngan sach",
    "kinh phi",
    "budget",
    "deadline",
)


def is_frame(figure: Quantity) -> bool:
    """Budget and duration frame the deal; they are not figures of the technology."""
    name = figure.name.lower()
    return (
        any(word in name for word in _FRAME_WORDS)
        or figure.operator is Operator.EQUAL
        and (figure.dimension == "s" and not name)
    )


def _key(name: str) -> str:
    return " ".join(sorted(name.lower().split()))


def _unique(phrases: Iterable[str]) -> tuple[str, ...]:
    seen: dict[str, str] = {}
    for phrase in phrases:
        seen.setdefault(phrase.lower().strip(), phrase.strip())
    return tuple(phrase for key, phrase in seen.items() if key)
