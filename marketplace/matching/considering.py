"""Which open needs new and changed supply may answer: each pair is looked at once, from the cheaper side.

A candidate's probability does not depend on who else is proposed. So it is enough to read the new texts
for a need: where none of them would be shown, the need has nothing to be done again, and only the others
are matched in full. Nothing is kept here; who is killed begins again.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from django.db.models import F, QuerySet

from marketplace.accounts.supply import supply_kind
from marketplace.core import clock
from marketplace.listings.models import Need
from marketplace.matching.meaning import meaning_source
from marketplace.matching.models import Match
from marketplace.matching.scoring import (
    CandidateText,
    NeedText,
    ReadNeed,
    Told,
    Weights,
    assess,
    rank,
    read_need,
)
from marketplace.matching.scoring.calibration import calibration_of, probability, signals
from marketplace.matching.scoring.lexical import weigh
from marketplace.matching.scoring.score import Ranked
from marketplace.matching.texts import candidate_text, need_text
from marketplace.matching.weighing import active_weights
from search.documents import Document
from search.engines import Engine, get_engine
from search.queries import TextQuery
from search.reverse import scratch_index

#: Kind → (primary key, version) of rows that changed.
Waiting = Mapping[str, Sequence[tuple[int, int]]]

#: Open needs that one new text is tried on, where texts are few.
REACH: Final = 30
#: New texts that are read for one need, and other spellings of its words that are asked.
_READ: Final = 8
_OTHERS: Final = 16
#: Share of the threshold from which a need is matched again: in its list a probability may be evened out
#: with its neighbours', and who is left out here would not be looked at again.
_NEAR: Final = 0.75
#: More than elements, figures and facts together can make of a score.
_BEST_FACTOR: Final = 2.0
_CHUNK: Final = 500
#: Needs that are looked at together.
_LOOKED_AT: Final = 25

#: What things cost beside each other, measured with real records (`make bench`, "both"): a need matched in
#: full against the whole index, a need against the new texts alone, a text read and put in their index, a
#: text asked against the index of needs.
FULL: Final = 60.0
LOOK: Final = 10.0
BUILD: Final = 1.0
ASK: Final = 10.0


def needs_concerned(waiting: Waiting) -> Iterator[Sequence[int]]:
    """Open needs (their keys) that are to be matched again because of these rows: some at a time, so that
    the first of them need not wait until all are found.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    # One that waits for its own match is matched against everything anyway.
    open_needs = Need.objects.public().filter(matched_version__gte=F("content_version"))
    side = cheaper_side(texts=sum(map(len, waiting.values())), needs=open_needs.count())
    if side == "all":
        yield list(open_needs.values_list("pk", flat=True))
        return
    answered = _answered_until_now(waiting)
    yield sorted(answered)
    if side == "texts":
        yield sorted(_from_thetexts_of(waiting, open_needs))
    else:
        yield from _from_the_needs(waiting, open_needs.exclude(pk__in=answered))


def cheaper_side(*, texts: int, needs: int) -> str:
    """Each text against the needs it is likest to, each need against the new texts, or all needs again.

    With few needs and very many texts it is less work to match the needs than to read the texts.
    """
    costs = {
        "texts": texts * (ASK + min(REACH, needs) * LOOK),
        "needs": texts * BUILD + needs * LOOK,
        "all": needs * FULL,
    }
    return min(costs, key=lambda side: costs[side])


def _answered_until_now(waiting: Waiting) -> set[int]:
    found: set[int] = set()
    for kind, rows in waiting.items():
        pks = [pk for pk, _version in rows]
        for start in range(0, len(pks), _CHUNK):
            matched = Match.objects.active().of(kind, pks[start : start + _CHUNK])
            found |= set(matched.values_list("need_id", flat=True))
    return found


def texts_of(waiting: Waiting) -> Iterator[CandidateText]:
    """The changed rows that are public, as they are now."""
    for kind, rows in waiting.items():
        public = supply_kind(kind).with_related()
        for start in range(0, len(rows), _CHUNK):
            pks = [pk for pk, _version in rows[start : start + _CHUNK]]
            for row in public.filter(pk__in=pks):
                yield candidate_text(kind, row)


def _from_thetexts_of(waiting: Waiting, open_needs: QuerySet[Need]) -> set[int]:
    """Few texts: each asks the index of needs, and is read for the needs it is likest to."""
    engine, weights = get_engine(), active_weights()
    proposed: dict[str, list[CandidateText]] = defaultdict(list)
    for text in texts_of(waiting):
        query = TextQuery(f"{text.title}\n{text.text}", kinds=("need",), limit=REACH)
        for hit in engine.candidates(query):
            proposed[hit.key].append(text)
    found = set()
    for need in open_needs.filter(public_id__in=proposed).prefetch_related("specifications"):
        looked = look_of(need_text(need), engine, weights)
        if looked.finds(proposed[need.public_id]):
            found.add(need.pk)
    return found


def _from_the_needs(waiting: Waiting, open_needs: QuerySet[Need]) -> Iterator[Sequence[int]]:
    """Many texts: an index of them alone, and each open need against it."""
    engine, weights = get_engine(), active_weights()
    with new_texts(texts_of(waiting)) as new:
        if not new:
            return
        pks = list(open_needs.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(pks), _LOOKED_AT):
            needs = Need.objects.filter(pk__in=pks[start : start + _LOOKED_AT]).order_by("pk")
            found = []
            for need in needs.prefetch_related("specifications"):
                looked = look_of(need_text(need), engine, weights)
                if looked.finds(new.near(looked)):
                    found.append(need.pk)
            yield found


def look_of(need: NeedText, engine: Engine, weights: Weights) -> "Look":
    read = read_need(need, weights=weights, statistics=engine.term_statistics)
    return Look(read, engine, weights)


class Look:
    """One need, and whether it would be shown some of the new texts."""

    def __init__(self, need: ReadNeed, engine: Engine, weights: Weights) -> None:
        self._need, self._weights = need, weights
        # How rare a word is tells the whole index; among new texts, as of one subject, none is.
        self._statistics = need.statistics_of(engine.term_statistics)
        self._query = weigh(need.words, self._statistics, weights)

    @property
    def asked(self) -> tuple[tuple[str, float], ...]:
        """The most telling words and other spellings, with what each is worth."""
        others = sorted(self._query.others.items(), key=lambda one: -one[1])[:_OTHERS]
        return (*self._query.most_telling.items(), *others)

    def finds(self, texts: Sequence[CandidateText]) -> bool:
        texts = [text for text in texts if text.is_asked_by(self._need.need)]
        if not texts:
            return False
        known = meaning_source() if self._weights.semantic else None
        told = Told(meaning=known.likeness(self._need, texts) if known else {})
        ranking = rank(self._need, texts, self._statistics, self._weights, told, query=self._query)
        near = tuple(one for one in ranking.entries[:_READ] if self._may_be_shown(one))
        if not near:
            return False
        read, year = replace(ranking, entries=near), clock.today().year
        found = assess(read, self._weights, limit=_READ, diverse=False, year=year)
        near_enough = (*found.scored, *found.under_way)
        return any(one.probability >= self._least(one.signals) for one in near_enough)

    def _least(self, told: Mapping[str, float]) -> float:
        calibration = calibration_of(told, self._weights)
        return min(_NEAR * calibration.good_from, calibration.abstain_below)

    def _may_be_shown(self, entry: Ranked) -> bool:
        """Is it near enough if the text met every element and all its facts spoke for it? Where even that is
        too little it need not be read in full. No sign of the calibration counts against a text."""
        signs = entry.fit.signs
        told = signals(
            strength=signs.strength,
            covered=signs.covered,
            title=signs.title,
            elements=1.0,
            factor=_BEST_FACTOR,
            marked=0.0 if self._need.folded else 1.0,
            bridged=signs.covered * (1.0 - signs.own),
            figures=1.0,
            unnamed=0.0 if self._need.elements else 1.0,
            like=entry.like,
        )
        return probability(told, calibration_of(told, self._weights)) >= self._least(told)


class NewTexts:
    """New texts in an index of their own."""

    def __init__(self, texts: Mapping[str, CandidateText], engine: Engine) -> None:
        self._texts, self._engine = texts, engine

    def __len__(self) -> int:
        return len(self._texts)

    def near(self, look: Look) -> list[CandidateText]:
        """Those that have the words asked for, with their own as the index took them apart: read once
        each, however many needs look at them."""
        if not (terms := look.asked):
            return []
        hits = self._engine.candidates(TextQuery("", limit=_READ, terms=terms))
        return [replace(self._texts[hit.id], words=hit.words) for hit in hits]


@contextmanager
def new_texts(texts: Iterable[CandidateText]) -> Iterator[NewTexts]:
    """An index of these texts alone, gone at the end of the block."""
    read: dict[str, CandidateText] = {}

    def documents() -> Iterator[Document]:
        for text in texts:
            read[text.id] = text
            yield Document(
                kind=text.kind,
                key=text.key,
                title=text.title,
                text=text.text,
                language=text.language,
            )

    with scratch_index(documents()) as engine:
        yield NewTexts(read, engine)
