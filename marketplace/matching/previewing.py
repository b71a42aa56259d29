"""What a need would find if it were posted now, which of its words bring it, and what became of needs
like it. For the poster of a draft; nothing of it is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from marketplace.listings.models import Need
from marketplace.matching.finding import find_matches
from marketplace.matching.models import Match, MatchRun
from marketplace.matching.scoring import (
    CandidateText,
    NeedText,
    Scored,
    rank,
    read_need,
)
from marketplace.matching.texts import complete, need_text
from marketplace.reading.needs import part_key
from marketplace.taxonomy.labels import label
from search.engines import get_engine
from search.queries import TextQuery

MOST: Final = 20
_SHOWN: Final = 3
_OWN_PAST: Final = 60
#: Words tried without; each costs a search.
_TRIED: Final = 4
#: Share of the need's likeness to itself below which another need is about something else.
_ALIKE: Final = 0.25


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
    possible: int  # where none is good: so many may be related
    most: bool  # there may be more than were looked at
    first: tuple[Scored, ...]
    words: tuple[WordShare, ...]


def preview_need(need: Need) -> Preview:
    """Looks for a draft as it would be looked for when posted.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    text = need_text(need)
    found = find_matches(text, limit=MOST, complete=complete).good
    named = {
        (element.kind.value, element.text): sum(_names(scored, element.text) for scored in found)
        for element in read_need(text, statistics=get_engine().term_statistics).elements
    }
    # Each word asks the engine once more: the few that stand in most of what was found are tried.
    telling = sorted((key for key, count in named.items() if count), key=lambda key: -named[key])
    words = tuple(
        WordShare(
            kind, phrase, named[kind, phrase], len(found) - _left_without(text, phrase, found)
        )
        for kind, phrase in telling[:_TRIED]
    )
    good = sum(one.band != "weak" for one in found)
    return Preview(good, len(found) - good, good >= MOST, found[:_SHOWN], words)


def _names(scored: Scored, phrase: str) -> bool:
    return any(fit.met and fit.text == phrase for fit in scored.elements)


def _left_without(text: NeedText, phrase: str, found: Sequence[Scored]) -> int:
    """How many of what was found would still be found if the need did not say the phrase."""
    said = re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE)
    shorter = replace(
        text,
        title=said.sub(" ", text.title),
        text=said.sub(" ", text.text),
        wanted=said.sub(" ", text.wanted),
        corrections=tuple(c for c in text.corrections if part_key(c.text) != part_key(phrase)),
    )
    left = {
        scored.candidate.id for scored in find_matches(shorter, limit=MOST, complete=complete).good
    }
    return sum(scored.candidate.id in left for scored in found)


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
    engine = get_engine()
    read = read_need(text, statistics=engine.term_statistics)
    whole = f"{text.title}\n{text.text}"
    hits = engine.candidates(TextQuery(whole, kinds=("need",), limit=MOST))
    shown = Need.objects.public().filter(public_id__in=[hit.key for hit in hits])
    own = list(Need.objects.owned_by(user).order_by("-pk")[:_OWN_PAST])
    rows = {row.public_id: row for row in (*shown, *own) if row.pk != need.pk}
    if not rows:
        return []
    candidates = [_as_candidate(row) for row in (need, *rows.values())]
    ranked = rank(read, candidates, read.statistics_of(engine.term_statistics)).entries
    likeness = {entry.candidate.key: entry.words for entry in ranked}
    least = _ALIKE * likeness.get(need.public_id, 0.0)
    keys = [
        entry.candidate.key
        for entry in ranked
        if entry.candidate.key in rows and entry.words >= least > 0
    ][:_SHOWN]
    full = Need.objects.filter(public_id__in=keys).select_related("organization").with_status()
    by_key = {row.public_id: row for row in full}
    owned = {row.public_id for row in own}
    return [
        _outcome(by_key[key]) if key in owned else AlikeNeed(by_key[key], False) for key in keys
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
