"""An interest as the text that is matched, and what it may find as the texts it is matched with."""

import re
from collections.abc import Sequence
from typing import Final

from django.db.models import QuerySet

from marketplace.core.text import fold
from marketplace.listings.models import Need
from marketplace.matching.models import Interest
from marketplace.matching.models.interests import NEED
from marketplace.matching.scoring import CandidateText, NeedText
from marketplace.matching.texts import available_kinds, complete, kinds_under_way
from search.registry import source

_WORD: Final = re.compile(r"[^\W_]+")


def interest_text(interest: Interest) -> NeedText:
    """Its words and fields. The rest narrows and does not rank."""
    return NeedText(text=interest.words, fields=tuple(interest.field_codes))


def kinds_of(interest: Interest) -> tuple[str, ...]:
    return (NEED,) if interest.seeks == Interest.Seeks.NEEDS else available_kinds()


def under_way_of(interest: Interest) -> tuple[str, ...]:
    return () if interest.seeks == Interest.Seeks.NEEDS else kinds_under_way()


def need_as_candidate(need: Need) -> CandidateText:
    """A need with the text that the index holds of it. Its organisation stays out: it may be hidden."""
    registered = source(NEED)
    assert registered is not None
    document = registered.build(need)
    return CandidateText(
        kind=NEED,
        key=need.public_id,
        title=document.title,
        text=document.text,
        language=document.language,
        fields=tuple(need.field_codes),
        province=need.province_code,
    )


def open_needs() -> QuerySet[Need]:
    registered = source(NEED)
    assert registered is not None
    return Need.objects.public().prefetch_related(*registered.related)


class Narrowing:
    """What of the candidates an interest wants. Counts what only its exclusions keep back."""

    def __init__(self, interest: Interest) -> None:
        self.interest = interest
        self.left_out: set[str] = set()

    def complete(self, candidates: Sequence[CandidateText]) -> list[CandidateText]:
        """As `texts.complete`, without what the interest does not want."""
        if self.interest.seeks == Interest.Seeks.SUPPLY:
            return [one for one in complete(candidates) if self.wants(one)]
        keys = [candidate.key for candidate in candidates]
        theirs = open_needs().exclude(organization=self.interest.organization_id)
        rows = {need.public_id: need for need in theirs.filter(public_id__in=keys)}
        return [
            need_as_candidate(rows[key])
            for key in keys
            if key in rows and self.wants_need(rows[key])
        ]

    def wants(self, candidate: CandidateText) -> bool:
        """Supply by its fields, place and words; its own organisation's is no news."""
        interest = self.interest
        if candidate.organization == str(interest.organization_id):
            return False
        if not _under(candidate.fields, interest.field_codes):
            return False
        if interest.province_codes and candidate.province not in interest.province_codes:
            return False
        unwanted = _any_under(candidate.fields, interest.unwanted_fields) or _says(
            f"{candidate.title}\n{candidate.text}", interest.unwanted_words
        )
        if unwanted:
            self.left_out.add(candidate.id)
        return not unwanted

    def wants_need(self, need: Need) -> bool:
        interest = self.interest
        if need.organization_id == interest.organization_id:
            return False
        if not _under(need.field_codes, interest.field_codes):
            return False
        if interest.province_codes and need.province_code not in interest.province_codes:
            return False
        if interest.need_kinds and not set(need.need_kinds) & set(interest.need_kinds):
            return False
        # A need that names no budget is asked, not dropped.
        budget = need.budget_max or need.budget_min
        if interest.budget_least and budget and budget < interest.budget_least:
            return False
        kinds = set(need.need_kinds)
        unwanted = (
            (kinds and kinds <= set(interest.unwanted_kinds))
            or _any_under(need.field_codes, interest.unwanted_fields)
            or _says(_public_text(need), interest.unwanted_words)
        )
        if unwanted:
            self.left_out.add(f"{NEED}:{need.public_id}")
        return not unwanted


def _public_text(need: Need) -> str:
    return "\n".join((need.title, need.summary, need.problem, need.required, need.keywords))


def _under(codes: Sequence[str], wanted: Sequence[str]) -> bool:
    return not wanted or _any_under(codes, wanted)


def _any_under(codes: Sequence[str], above: Sequence[str]) -> bool:
    """Whether one of the codes is one of those above, or below it."""
    return any(code.startswith(one) for code in codes for one in above)


def _says(text: str, phrases: Sequence[str]) -> bool:
    said = _words(text)
    return any(_words(phrase) in said for phrase in phrases if phrase.strip())


def _words(text: str) -> str:
    """Its words between spaces, so that a phrase is found as words and not within one."""
    found = _WORD.findall(fold(text))
    return f" {' '.join(found)} "
