"""From a need's text to ranked candidates: several queries propose, the scoring decides."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from marketplace.accounts.supply import supply_kind
from marketplace.core import clock
from marketplace.matching.meaning import MeaningSource, meaning_source
from marketplace.matching.scoring import (
    CandidateText,
    MatchList,
    NeedText,
    ReadNeed,
    Scored,
    Told,
    Weights,
    assess,
    rank,
    read_need,
)
from marketplace.matching.scoring.proof import Likest
from marketplace.matching.scoring.score import Complete, Ranking
from marketplace.matching.scoring.sentences import look_again
from marketplace.matching.texts import available_kinds, kinds_under_way
from marketplace.matching.weighing import active_weights
from search.analysis.words import LONGEST_TEXT, read_text
from search.engines import Engine, get_engine
from search.queries import Hit, Query, TextQuery
from search.ranking.feedback import BELIEVED, learned, shares
from search.ranking.lexical import between, inverse_frequency, slide

SHOWN: Final = 20
#: What each query may propose. Deeper costs time with every candidate and adds next to nothing:
#: docs/quality.md has the figures.
WHOLE: Final = 250
_ELEMENTS: Final = 40
_FIELDS: Final = 30
_FEEDBACK: Final = 60
_MEANING: Final = 60
_TRANSLATED: Final = 60
_UNDER_WAY: Final = 20
#: Characters of all candidates together that are read: what ranking costs at most.
_READ: Final = 450_000
#: Further power of a term's rarity in the query of a whole text; a short question needs none.
_RARITY: Final = 0.8
_FEEDBACK_TERMS: Final = 30
#: Terms and pairs of the other language that are asked for, the rarest first.
_TRANSLATED_TERMS: Final = 80
_LONGEST_ELEMENT: Final = 200


def find_matches(
    need: NeedText,
    *,
    kinds: tuple[str, ...] | None = None,
    under_way: tuple[str, ...] | None = None,
    limit: int = SHOWN,
    engine: Engine | None = None,
    complete: Complete | None = None,
    weights: Weights | None = None,
) -> MatchList:
    """The best candidates with their reasons, best first.

    Args:
        need: the need's public text and facts.
        kinds: kinds of supply to look among; by default all that can be had and that it asks for.
        under_way: kinds of work that is not done yet, looked for apart; by default all of them.
        limit: how many are read in full and returned.
        engine: the index to ask; by default the product's own.
        complete: completes candidates with their facts and drops those that may not be shown.
        weights: by default those in force.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    weights, engine = weights or active_weights(), engine or get_engine()
    ranking = rank_candidates(
        read_need(need, weights=weights, statistics=engine.term_statistics),
        kinds=available_kinds(need.kinds) if kinds is None else kinds,
        under_way=kinds_under_way() if under_way is None else under_way,
        engine=engine,
        weights=weights,
    )
    return assess(
        ranking,
        weights,
        limit=limit,
        complete=complete and _asked(need, complete),
        year=clock.today().year,
        likest=_likest(ranking.need, weights),
    )


def _asked(need: NeedText, complete: Complete) -> Complete:
    """Drops too what the need does not ask for: a valuer where something is to be tested."""

    def completed(candidates: Sequence[CandidateText]) -> list[CandidateText]:
        return [one for one in complete(candidates) if one.is_asked_by(need)]

    return completed


def _likest(need: ReadNeed, weights: Weights) -> Likest | None:
    source = meaning_source() if weights.semantic else None
    if source is None:
        return None

    def place_of(sentences: Sequence[str]) -> int | None:
        found = source.likest(need, sentences)
        return found.place if found else None

    return place_of


def explain_pair(
    need: NeedText, candidate: CandidateText, *, engine: Engine | None = None
) -> Scored | None:
    """One candidate as it would be explained for a need; None where they share no telling word.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    weights, engine = active_weights(), engine or get_engine()
    read = read_need(need, weights=weights, statistics=engine.term_statistics)
    statistics = read.statistics_of(engine.term_statistics)
    ranking = rank(read, [candidate], statistics, weights)
    year = clock.today().year
    found = assess(ranking, weights, limit=1, exclude=False, diverse=False, year=year)
    return next(iter((*found.scored, *found.under_way)), None)


def rank_candidates(
    need: ReadNeed,
    *,
    kinds: tuple[str, ...],
    under_way: tuple[str, ...] = (),
    engine: Engine,
    weights: Weights,
) -> Ranking:
    """Every proposed candidate by its words."""
    share = slide(len(need.words.counts), weights.short_terms, weights.long_terms)
    source = meaning_source() if weights.semantic else None
    weight = between(share, weights.sentences, weights.sentences_long)
    if source is not None:
        source.expect(need, by_sentence=weight > 0)
    learning = weights.lexical(need.language, share).feedback > 0
    pool = propose(
        need,
        kinds=kinds,
        under_way=under_way,
        engine=engine,
        rarity=_RARITY * share,
        learning=learning,
        meaning=source,
    )
    candidates = [
        CandidateText(
            kind=hit.kind,
            key=hit.key,
            title=hit.title,
            text=hit.text,
            words=hit.words,
            under_way=hit.kind in under_way,
        )
        for hit in pool.readable()
    ]
    told = Told(
        engine=pool.engine,
        meaning=source.likeness(need, candidates) if source else {},
        feedback=pool.feedback,
    )
    statistics = need.statistics_of(engine.term_statistics)
    ranking = rank(need, candidates, statistics, weights, told)
    if source is None:
        return ranking
    return look_again(ranking, weight, partial(source.likeness_by_sentence, need))


@dataclass(slots=True)
class Pool:
    """What several queries proposed, each candidate once, with who proposed it.

    ``engine`` are scores of queries of the whole text alone: others are on scales of their own.
    """

    hits: dict[str, Hit] = field(default_factory=dict)
    engine: dict[str, float] = field(default_factory=dict)
    proposed: dict[str, int] = field(default_factory=dict)
    feedback: dict[str, float] = field(default_factory=dict)

    def add(self, query: str, hits: Iterable[Hit]) -> None:
        before = len(self.hits)
        for hit in hits:
            self.hits.setdefault(hit.id, hit)
        self.proposed[query] = len(self.hits) - before

    def readable(self) -> list[Hit]:
        """Those that are read, in the order in which they were proposed."""
        left = _READ
        found: list[Hit] = []
        for hit in self.hits.values():
            left -= min(len(hit.text), LONGEST_TEXT)
            if left < 0 and found:
                break
            found.append(hit)
        return found


def propose(
    need: ReadNeed,
    *,
    kinds: tuple[str, ...],
    under_way: tuple[str, ...] = (),
    engine: Engine,
    rarity: float = 0.0,
    learning: bool = True,
    meaning: MeaningSource | None = None,
) -> Pool:
    """Candidates of the whole text, its elements, its field, the other language and, where something is
    learned from them, of the first hits."""
    pool = Pool()
    # First, as the other language is the one that the words themselves will not bring.
    if translated := _in_the_other_language(need, engine):
        asked = TextQuery("", kinds=kinds, limit=_TRANSLATED, terms=translated)
        pool.add("translated", engine.candidates(asked))
    whole = f"{need.title}\n{need.text}" if need.title else need.text
    hits = engine.candidates(
        TextQuery(whole, kinds=kinds, limit=WHOLE, boosts=need.phrases, rarity=rarity)
    )
    pool.add("whole", hits)
    pool.engine = {hit.id: hit.score for hit in hits}
    # On the scale of what can be had, and not beyond its end; on its own where nothing can.
    best = max(pool.engine.values(), default=math.inf)
    # Before the others: of work under way there is little, and what is read at all is bounded.
    for kind in under_way:
        found = _under_way(need, whole, kind, engine, rarity)
        pool.add("under way", found)
        pool.engine |= {hit.id: min(hit.score, best) for hit in found}
    elements = _element_phrases(need)
    if elements:
        pool.add(
            "elements",
            engine.candidates(TextQuery("", kinds=kinds, limit=_ELEMENTS, boosts=elements)),
        )
    if need.need.fields:
        pool.add("fields", _of_the_fields(need, kinds, engine))
    pool.feedback = _learned(hits, engine) if learning else {}
    if pool.feedback:
        terms = tuple(list(pool.feedback.items())[:_FEEDBACK_TERMS])
        pool.add(
            "feedback",
            engine.candidates(TextQuery("", kinds=kinds, limit=_FEEDBACK, terms=terms)),
        )
    if meaning is not None:
        pool.add("meaning", meaning.propose(need, kinds=kinds, limit=_MEANING, known=pool.hits))
    return pool


def _under_way(
    need: ReadNeed, whole: str, code: str, engine: Engine, rarity: float
) -> Sequence[Hit]:
    """Asked by itself: most documents of such a kind tell of work that is done, and none of them is to
    take the place of what can be had."""
    kind = supply_kind(code)
    if not kind.rows().exists():
        return []
    return engine.candidates(
        TextQuery(
            whole,
            kinds=(code,),
            filters=dict(kind.filters),
            limit=_UNDER_WAY,
            boosts=need.phrases,
            rarity=rarity,
        )
    )


def _element_phrases(need: ReadNeed) -> tuple[tuple[str, float], ...]:
    """The elements and their other spellings, so that the other language is asked by itself too."""
    found: dict[str, float] = {}
    for element in need.elements:
        found[element.text[:_LONGEST_ELEMENT]] = 1.0
        for spelling in element.spellings:
            found.setdefault(spelling, 0.7)
    return tuple(found.items())


def _in_the_other_language(need: ReadNeed, engine: Engine) -> tuple[tuple[str, float], ...]:
    """The need as the bilingual vocabulary says it: what the index has of that, the rarest first."""
    shares: dict[str, float] = {}
    for one in need.words.translated:
        for unit, share in one.units.items():
            shares[unit] = max(shares.get(unit, 0.0), share)
    statistics = engine.term_statistics(list(shares))
    worth = {
        unit: share * inverse_frequency(statistics, unit)
        for unit, share in shares.items()
        if statistics.document_frequency.get(unit)
    }
    best = sorted(worth, key=lambda unit: (-worth[unit], unit))[:_TRANSLATED_TERMS]
    return tuple((unit, shares[unit]) for unit in best)


def _of_the_fields(need: ReadNeed, kinds: tuple[str, ...], engine: Engine) -> Sequence[Hit]:
    words = need.title or need.text[:_LONGEST_ELEMENT]
    asked = Query(
        words,
        kinds=kinds,
        filters={"field": tuple(need.need.fields)},
        limit=_FIELDS,
        match="any",
    )
    return engine.search(asked).hits


def _learned(hits: Sequence[Hit], engine: Engine) -> dict[str, float]:
    first = [(hit.score, read_text(hit.title, hit.text, hit.words)) for hit in hits[:BELIEVED]]
    found = shares(first)
    return learned(found, engine.term_statistics(found)) if found else {}
