"""What a need would find if it were posted now, which of its words bring it, and what became of needs
like it. For the poster of a draft; nothing of it is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from marketplace.listings.models import Need
from marketplace.matching.finding import rank_candidates
from marketplace.matching.models import Match, MatchRun
from marketplace.matching.scoring import (
    CandidateText,
    NeedText,
    Scored,
    assess,
    rank,
    read_need,
)
from marketplace.matching.texts import SUPPLY, complete, need_text
from marketplace.reading.needs import Correction, part_key
from marketplace.taxonomy.labels import label
from search.engines import get_engine
from search.queries import TermStatistics, TextQuery

MOST: Final = 20
_SHOWN: Final = 3
_OWN_PAST: Final = 60
#: Share of the need's most telling terms below which another need is about something else.
_ALIKE: Final = 0.3


@dataclass(frozen=True, slots=True)
class WordShare:
    """One element of the need: in how many of the results it is named, how many are lost without it."""

    kind: str
    text: str
    named: int
    lost: int


@dataclass(frozen=True, slots=True)
class Preview:
    good: int
    most: bool  # there may be more than were looked at
    first: tuple[Scored, ...]
    words: tuple[WordShare, ...]


def preview_need(need: Need) -> Preview:
    """Looks for a draft as it would be looked for when posted.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    text = need_text(need)
    engine = get_engine()
    read = read_need(text)
    ranking = rank_candidates(read, kinds=tuple(SUPPLY), engine=engine)
    found = assess(ranking, limit=MOST, complete=complete).good
    statistics = engine.term_statistics(read.statistics_terms)
    words = tuple(
        WordShare(
            element.kind.value,
            element.text,
            named=sum(
                any(fit.met and fit.text == element.text for fit in scored.elements)
                for scored in found
            ),
            lost=len(found) - _left_without(text, element.text, found, statistics),
        )
        for element in read.elements
        if found
    )
    return Preview(len(found), len(found) >= MOST, found[:_SHOWN], words)


def _left_without(
    text: NeedText, phrase: str, found: Sequence[Scored], statistics: TermStatistics
) -> int:
    """How many of what was found would be good enough if the need did not say the phrase."""
    said = re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)
    gone = Correction(phrase, "", "added")
    shorter = replace(
        text,
        title=said.sub(" ", text.title),
        text=said.sub(" ", text.text),
        wanted=said.sub(" ", text.wanted),
        corrections=tuple(c for c in text.corrections if part_key(c.text) != part_key(gone.text)),
    )
    candidates: list[CandidateText] = [scored.candidate for scored in found]
    left = assess(rank(read_need(shorter), candidates, statistics), limit=len(candidates))
    return len(left.good)


@dataclass(frozen=True, slots=True)
class AlikeNeed:
    """A need like the one being written, and what the poster may know became of it."""

    need: Need
    is_own: bool
    matched: int = 0
    opened: int = 0
    passed_reasons: tuple[str, ...] = ()
    abstained: bool = False


def alike_needs(need: Need, user: Any) -> list[AlikeNeed]:
    """Open needs of others and the poster's own of any time, the most alike first. Of others only what
    everybody may read is told; what became of a need only to those who belong to it.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    text = need_text(need)
    read = read_need(text)
    engine = get_engine()
    whole = f"{text.title}\n{text.text}"
    hits = engine.candidates(TextQuery(whole, kinds=("need",), limit=MOST))
    shown = Need.objects.public().filter(public_id__in=[hit.key for hit in hits])
    own = Need.objects.owned_by(user).order_by("-pk")[:_OWN_PAST]
    rows = {row.public_id: row for row in (*shown, *own) if row.pk != need.pk}
    if not rows:
        return []
    candidates = [_as_candidate(row) for row in rows.values()]
    statistics = engine.term_statistics(read.statistics_terms)
    ranked = rank(read, candidates, statistics).entries
    alike = [rows[entry.candidate.key] for entry in ranked if entry.words >= _ALIKE][:_SHOWN]
    owned = set(
        Need.objects.owned_by(user)
        .filter(pk__in=[n.pk for n in alike])
        .values_list("pk", flat=True)
    )
    full = (
        Need.objects.filter(pk__in=[row.pk for row in alike])
        .select_related("organization")
        .with_status()
    )
    by_pk = {row.pk: row for row in full}
    return [
        _outcome(by_pk[row.pk]) if row.pk in owned else AlikeNeed(by_pk[row.pk], False)
        for row in alike
    ]


def _as_candidate(need: Need) -> CandidateText:
    text = need_text(need)
    return CandidateText(kind="need", key=need.public_id, title=need.title, text=text.text)


def _outcome(need: Need) -> AlikeNeed:
    matches = list(
        Match.objects.filter(need=need).values_list("retired_at", "opened_at", "passed_reason")
    )
    reasons = dict.fromkeys(reason for _retired, _opened, reason in matches if reason)
    run = MatchRun.objects.filter(need=need).first()
    return AlikeNeed(
        need=need,
        is_own=True,
        matched=sum(retired is None for retired, _opened, _reason in matches),
        opened=sum(opened is not None for _retired, opened, _reason in matches),
        passed_reasons=tuple(label("pass-reasons", code) for code in reasons),
        abstained=run is not None and run.abstained,
    )
