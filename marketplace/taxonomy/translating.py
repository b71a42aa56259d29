"""What a code or a name of one edition is in another: exactly one answer, or none.

The importers ask for every record, so a process keeps the tables for a minute. Nothing is ever
guessed: what has two answers or none waits for a person (`queue_unresolved`), whose decision then
answers for every record with the same value.
"""

import re
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import Count, F, Max
from django.utils.translation import gettext as _

from marketplace.core import audit, clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.text import fold, nfc
from marketplace.taxonomy.codes import parse_code
from marketplace.taxonomy.models import Crosswalk, Term, UnresolvedCode, Vocabulary

FRESH_SECONDS: Final = 60
VALUE_LIMIT: Final = 200
Outcome = Literal["exact", "ambiguous", "unknown"]

_IN_BRACKETS: Final = re.compile(r"\([^)]*\)")
_NOT_WORD: Final = re.compile(r"[\W_]+")
_PROVINCE: Final = re.compile(r"^(?:tinh|thanh pho|tp|t p) (?=\S)")
_DETERMINATE: Final = frozenset({Crosswalk.Relation.EXACT, Crosswalk.Relation.BROADER})


@dataclass(frozen=True, slots=True)
class Translation:
    """`code` is set where the outcome is exact. `above`: the nearest code over it that leads somewhere,
    where the value itself does not."""

    vocabulary: str
    value: str
    to: str
    outcome: Outcome
    code: str = ""
    candidates: tuple[str, ...] = ()
    above: str = ""
    #: Whether somebody could answer: the target is there as a whole.
    can_wait: bool = False
    is_decision: bool = False


@dataclass(slots=True)
class _Index:
    scheme: str
    target: str
    is_whole: bool
    #: Code or folded name → (edition, code) of every term it may be.
    terms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    #: (edition, code) → {code in the target: relation}
    leads: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    parents: dict[tuple[str, str], str] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)


_indexes: dict[tuple[str, str], tuple[float, _Index]] = {}


_edition: list[tuple[float, str]] = [(0.0, "")]


def forget_translations() -> None:
    _indexes.clear()
    _edition[0] = (0.0, "")


def translate_code(vocabulary: str, code: str, *, to: str) -> Translation:
    """What `code` (or a name) of a vocabulary is in another.

    `vocabulary` is one edition ("provinces-63") or a scheme ("provinces"): a value without an edition
    is read in all of them, and is exact where they agree. `to` likewise; a scheme stands for the
    edition in use.
    """
    value = " ".join(nfc(code).split())[:VALUE_LIMIT]
    index = _index(vocabulary, to)
    nothing = Translation(vocabulary, value, index.target or to, "unknown")
    if not value or not index.target:
        return nothing
    key = value_key(index.scheme, value)
    if decided := index.decided.get(key):
        return replace(nothing, outcome="exact", code=decided, is_decision=True)
    terms = _terms_of(index, value, key)
    found = [index.leads.get(term, {}) for term in terms]
    candidates = tuple(sorted({target for leads in found for target in leads}))
    if len(candidates) == 1 and all(
        leads and set(leads.values()) <= _DETERMINATE for leads in found
    ):
        return replace(nothing, outcome="exact", code=candidates[0])
    if candidates:
        return replace(nothing, outcome="ambiguous", candidates=candidates, can_wait=index.is_whole)
    return replace(nothing, above=_above(index, terms), can_wait=index.is_whole)


def tables_edition() -> str:
    """Changes whenever a loaded table does: then what was translated before may be otherwise."""
    fresh_until, edition = _edition[0]
    if time.monotonic() >= fresh_until:
        pairs = Crosswalk.objects.aggregate(Count("pk"), Max("pk"))
        tables = Vocabulary.objects.loaded().in_preference().values_list("code", "status")
        edition = f"{list(tables)} {sorted(pairs.items())}"
        _edition[0] = (time.monotonic() + FRESH_SECONDS, edition)
    return edition


def value_key(scheme: str, value: str) -> str:
    """What spellings of one value have in common."""
    bare = _IN_BRACKETS.sub(" ", value)
    key = _NOT_WORD.sub(" ", fold(bare)).strip() or fold(value).strip()
    if scheme == "provinces":
        key = _PROVINCE.sub("", key)
    return key[:VALUE_LIMIT]


def _terms_of(index: _Index, value: str, key: str) -> list[tuple[str, str]]:
    try:
        code = parse_code(index.scheme, value) or value
    except KeyError:  # a vocabulary from a file: its codes have no notation but themselves
        code = value
    return list(dict.fromkeys(index.terms.get(f"={code}") or index.terms.get(key, [])))


def _above(index: _Index, terms: list[tuple[str, str]]) -> str:
    for edition, code in terms:
        while code := index.parents.get((edition, code), ""):
            leads = index.leads.get((edition, code), {})
            if len(leads) == 1 and set(leads.values()) <= _DETERMINATE:
                return next(iter(leads))
    return ""


def _index(vocabulary: str, to: str) -> _Index:
    fresh_until, index = _indexes.get((vocabulary, to), (0.0, None))
    if index is not None and time.monotonic() < fresh_until:
        return index
    index = _build(vocabulary, to)
    _indexes[vocabulary, to] = (time.monotonic() + FRESH_SECONDS, index)
    return index


def _build(vocabulary: str, to: str) -> _Index:
    target = Vocabulary.objects.usable(to).first()
    editions = list(Vocabulary.objects.named(vocabulary).loaded())
    scheme = editions[0].scheme if editions else vocabulary
    if target is None:
        return _Index(scheme, "", is_whole=False)
    index = _Index(scheme, target.code, is_whole=target.status != Vocabulary.Status.PARTIAL)
    rows = Term.objects.filter(vocabulary__in=editions).select_related("vocabulary", "parent")
    for term in rows:
        place = (term.vocabulary.code, term.code)
        for name in {f"={term.code}", *_names(scheme, term)}:
            index.terms.setdefault(name, []).append(place)
        if term.parent is not None:
            index.parents[place] = term.parent.code
        if term.vocabulary_id == target.pk:
            index.leads[place] = {term.code: Crosswalk.Relation.EXACT}
    pairs = Crosswalk.objects.into(target.code).filter(from_term__vocabulary__in=editions)
    for edition, code, new, relation in pairs.values_list(
        "from_term__vocabulary__code", "from_term__code", "to_term__code", "relation"
    ):
        index.leads.setdefault((edition, code), {})[new] = relation
    decided = UnresolvedCode.objects.decided().filter(vocabulary=vocabulary, to=target.code)
    index.decided = dict(decided.values_list("key", "resolved_code"))
    return index


def _names(scheme: str, term: Term) -> set[str]:
    names = (term.label_vi, term.label_en, *term.aliases)
    return {key for name in names if name and (key := value_key(scheme, name))}


def key_of(one: Translation) -> str:
    """Under which the question and its answer are kept."""
    return value_key(_index(one.vocabulary, one.to).scheme, one.value)


# --- what waits for a person --------------------------------------------------------------------


@transaction.atomic
def queue_unresolved(translations: Iterable[Translation]) -> int:
    """Keeps what no table answered, once a value, with how often it was met; returns the new ones.

    What cannot be answered yet, because the target table is not there as a whole, is not queued.
    """
    counts: Counter[tuple[str, str, str]] = Counter()
    sample: dict[tuple[str, str, str], Translation] = {}
    for one in translations:
        if one.outcome != "exact" and one.can_wait and one.value:
            place = (one.vocabulary, one.to, key_of(one))
            counts[place] += 1
            sample.setdefault(place, one)
    new = 0
    now = clock.now()
    for place, count in sorted(counts.items()):
        vocabulary, to, key = place
        held = UnresolvedCode.objects.filter(vocabulary=vocabulary, to=to, key=key)
        if held.update(times_seen=F("times_seen") + count, last_seen_at=now):
            continue
        one = sample[place]
        made = UnresolvedCode.objects.bulk_create(
            [
                UnresolvedCode(
                    vocabulary=vocabulary,
                    to=to,
                    key=key,
                    value=one.value,
                    outcome=one.outcome,
                    candidates=list(one.candidates),
                    times_seen=count,
                    first_seen_at=now,
                    last_seen_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        new += len(made)
    return new


class NoSuchCode(DomainError):
    """The code chosen is not in the vocabulary: none is invented."""


@transaction.atomic
def decide_code(unresolved: UnresolvedCode, *, code: str, by: Any, note: str = "") -> None:
    """From now on the value stands for `code`.

    Raises:
        NoSuchCode: the target has no such code.
        InvalidTransition: somebody decided it first.
    """
    term = Term.objects.filter(vocabulary__code=unresolved.to, code=code).first()
    if term is None:
        raise NoSuchCode(_("Bảng mã không có mã “%(code)s”.") % {"code": code})
    _decide(unresolved, UnresolvedCode.State.RESOLVED, by=by, code=code, note=note)


@transaction.atomic
def leave_code_empty(unresolved: UnresolvedCode, *, by: Any, note: str = "") -> None:
    """The value stands for nothing: records with it keep the field empty and it waits no more."""
    _decide(unresolved, UnresolvedCode.State.LEFT, by=by, code="", note=note)


@transaction.atomic
def reopen_code(unresolved: UnresolvedCode, *, by: Any) -> None:
    """Takes a decision back; what was brought in by it keeps its code until its next import."""
    moved = (
        UnresolvedCode.objects.filter(pk=unresolved.pk)
        .exclude(state=UnresolvedCode.State.WAITING)
        .update(
            state=UnresolvedCode.State.WAITING, resolved_code="", decided_by=None, decided_at=None
        )
    )
    _told(unresolved, moved, "unresolved_code.reopened", by=by)


def _decide(unresolved: UnresolvedCode, state: str, *, by: Any, code: str, note: str) -> None:
    moved = UnresolvedCode.objects.filter(
        pk=unresolved.pk, state=UnresolvedCode.State.WAITING
    ).update(
        state=state,
        resolved_code=code,
        note=note[:300],
        decided_by=by if getattr(by, "pk", None) else None,
        decided_at=clock.now(),
    )
    _told(unresolved, moved, f"unresolved_code.{state}", by=by, code=code)


def _told(unresolved: UnresolvedCode, moved: int, action: str, *, by: Any, **data: Any) -> None:
    if not moved:
        raise InvalidTransition(_("Việc này đã được xử lý ở nơi khác. Hãy tải lại trang."))
    unresolved.refresh_from_db()
    audit.record(action, f"unresolved_code:{unresolved.pk}", by=by, to=unresolved.to, **data)
    transaction.on_commit(forget_translations)
