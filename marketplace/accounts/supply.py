"""What organisations have that may answer a need: apps register their kinds here when they are ready.

Matching, above them all, asks this list and imports none of them: one call makes a new kind a candidate
for every need, indexed, ranked, explained, told and answered as the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from marketplace.accounts.models import Organization
from marketplace.core.models import Staged
from marketplace.reading.specifications import Specification
from search.registry import source
from search.semantic.embedding import register_meaning_of


@dataclass(frozen=True, slots=True)
class SupplyFacts:
    """What one row is beside its text; the text is that of its document in the index."""

    fields: tuple[str, ...] = ()
    province: str = ""
    trl: int | None = None
    year: int | None = None
    price_min: int | None = None  # dong
    specifications: tuple[Specification, ...] = ()
    is_registered: bool = False  # in the national register, with a number
    ip_numbers: int = 0
    #: Kinds of need (codes of "need-kinds") that the row answers; empty: whatever is needed.
    answers: tuple[str, ...] = ()
    #: Of work under way: when it is to be done, as YYYY-MM, where that is known.
    until: str = ""


@dataclass(frozen=True, slots=True)
class SupplyCard:
    """What a card says of one row beside its title, in the active language."""

    owner: Organization | None = None  # as others may know it
    year: int | None = None
    trl: int | None = None
    seals: tuple[str, ...] = ()
    #: That it cannot be had yet, and when it may; "" for all that can.
    standing: str = ""


@dataclass(frozen=True, slots=True)
class SupplyKind:
    """One kind of rows that may answer a need.

    Attributes:
        code: also the kind of its documents in the index (`search.registry`).
        model: its rows, which have an `organization`, a `title` and a `language` or none.
        open: of rows those that may answer a need today. A row that leaves them leaves every list.
        facts: what ranks beside the text.
        card: what a card says.
        answered_by: the rows for which a person may pass on a need ("this is nothing for us").
        counted: a number of them in words, as "1.200 kết quả nghiên cứu".
        noun: one of them in words, as "kết quả nghiên cứu".
        quoted: whose words a quoted sentence is, as "Tóm tắt kết quả".
        opens: words of the button by which the need's side goes on with it.
        filters: facets that its documents must have to be candidates, where not all of them are open.
        asked_by: kinds of need (codes of "need-kinds") that ask for it; empty where every need does. A need
            for a machine is not to be answered by a laboratory.
        is_under_way: work that nobody can have yet. It is searched, told and shown apart.
        invites: a match opens the contact desk where the organisation is not on the exchange yet.
        is_personal: what a row says is shown by a person's consent: once it is not open, no sentence of it
            stays with what was matched.
    """

    code: str
    model: type[Staged]
    open: Callable[[QuerySet[Any]], QuerySet[Any]]
    facts: Callable[[Any], SupplyFacts]
    card: Callable[[Any], SupplyCard]
    answered_by: Callable[[Any], QuerySet[Any]]
    counted: Callable[[int], str]
    noun: str | Promise
    quoted: str | Promise
    opens: str | Promise
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    asked_by: frozenset[str] = frozenset()
    is_under_way: bool = False
    invites: bool = True
    is_personal: bool = False

    def all_rows(self) -> QuerySet[Any]:
        return self.model._default_manager.all()

    def rows(self) -> QuerySet[Any]:
        """Those that may answer a need today."""
        return self.open(self.all_rows())

    def with_related(self) -> QuerySet[Any]:
        """The same with all that its text, facts and card are made of."""
        registered = source(self.code)
        related = registered.related if registered else ()
        return self.rows().prefetch_related(*related)


_kinds: dict[str, SupplyKind] = {}


def register_supply(kind: SupplyKind) -> None:
    """Makes rows of a kind candidates for needs.

    Raises:
        ValueError: the code is taken by another kind: one would silently replace the other.
    """
    if _kinds.get(kind.code, kind) != kind:
        raise ValueError(f"kind of supply {kind.code} is registered twice")
    _kinds[kind.code] = kind
    register_meaning_of(kind.code)


def supply_kinds() -> dict[str, SupplyKind]:
    """Every registered kind by its code, in the order of registration."""
    return dict(_kinds)


def supply_kind(code: str) -> SupplyKind:
    """Raises KeyError for a code that nobody registered."""
    return _kinds[code]
