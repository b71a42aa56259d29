"""What is searchable: applications register their kinds of objects here, at start.

Hits are ids. They become objects only through ``hydrate``, which asks the application what the
person may see: a stale index can hide, never leak.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.kept_pages import kept_each
from marketplace.core.models import Staged
from search.documents import Document, checked
from search.facets import KIND, Facet, register_facet
from search.queries import Hit, Narrowing

logger = structlog.get_logger(__name__)

DEFAULT_CARD = "search/hit.html"
Described = tuple[Document, Model]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a table says of one object beside its title; "" and None where nothing is stated."""

    number: str = ""
    by: str = ""
    place: str = ""
    year: int | None = None
    trl: int | None = None
    price: str = ""
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of searchable objects.

    ``indexable`` gives the rows that may be in the index at all, ``visible`` those that a user
    may see. ``since`` says when an object first was there for readers.
    ``related`` is fetched with the rows, for ``build`` as for the card.
    ``card_template`` renders one hit; it gets ``object``, ``hit``, ``title_parts`` and
    ``passage`` (both lists of fragments), and must print nothing that ``object`` hides.
    ``facts`` are the public ones that a table of hits shows. ``similar`` are the kinds among which
    a reader looks for more like it, ``comparison`` names the page that puts rows side by side.
    ``within`` gives the rows with one of the values that a ``Narrowing`` wants; without it none.
    Kinds that are ``is_aside`` are found only where they are asked for by name, as in a tab of
    their own: not among the other hits, and not by saved searches.
    """

    kind: str
    label: str | Promise
    model: type[Staged]
    indexable: Callable[[QuerySet[Any]], QuerySet[Any]]
    build: Callable[[Any], Document]
    visible: Callable[[QuerySet[Any], Any], QuerySet[Any]]
    since: Callable[[Any], datetime | None] | None = None
    related: tuple[str, ...] = ()
    #: The column of the document's title, for the listing without an engine.
    title_field: str = "title"
    card_template: str = DEFAULT_CARD
    facts: Callable[[Any], Facts] = lambda _row: Facts()
    similar: tuple[str, ...] = ()
    comparison: str = ""
    is_aside: bool = False
    within: Callable[[QuerySet[Any], tuple[str, ...]], QuerySet[Any]] = lambda rows, _: rows.none()

    def rows(self) -> QuerySet[Any]:
        queryset: QuerySet[Any] = self.model._default_manager.all()
        return queryset.prefetch_related(*self.related) if self.related else queryset

    def narrow(self, rows: QuerySet[Any], narrowed: Iterable[Narrowing]) -> QuerySet[Any]:
        """The rows as the engine narrows their documents."""
        for one in narrowed:
            if self.kind in one.kinds:
                rows = self.within(rows, one.values)
        return rows

    def described(self, keys: Iterable[str]) -> dict[str, Described]:
        """By key what a row says, and the row with its relations. Who may see it was asked before."""
        rows: QuerySet[Any] = self.model._default_manager.filter(public_id__in=list(keys))
        # A page of rows is joined with what each has one of: fewer questions than `rows`, which batches take.
        one = [name for name in self.related if self._is_joined(name)]
        rows = rows.select_related(*one) if one else rows
        rows = rows.prefetch_related(*(name for name in self.related if name not in one))
        documents = ((self.document(row), row) for row in rows)
        return {
            row.public_id: (document, row) for document, row in documents if document is not None
        }

    def _is_joined(self, name: str) -> bool:
        field = self.model._meta.get_field(name.partition("__")[0])
        return bool(field.many_to_one or field.one_to_one)

    def document(self, row: Any) -> Document | None:
        """One row that cannot be built must stop no other: it is neither indexed nor shown."""
        try:
            return checked(self.build(row))
        except Exception:
            logger.exception("document not built", kind=self.kind, pk=row.pk)
            return None


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    if source.kind in _sources and _sources[source.kind].model is not source.model:
        raise ValueError(f"the kind {source.kind} is taken")
    _sources[source.kind] = source


def sources() -> list[Source]:
    """In the order of registration, which is the order of the page's kinds."""
    return list(_sources.values())


def main_sources() -> list[Source]:
    """What the page lists where nothing else is asked for."""
    return [registered for registered in sources() if not registered.is_aside]


def kinds_aside() -> tuple[str, ...]:
    return tuple(registered.kind for registered in sources() if registered.is_aside)


def source(kind: str) -> Source | None:
    return _sources.get(kind)


def hydrate(
    hits: Iterable[Hit], user: Any = None, narrowed: Iterable[Narrowing] = ()
) -> list[tuple[Hit, Model]]:
    """Each hit with its object, in the order of the hits; without what the user may not see, or what
    the site does not show.

    Title and text of a hit become what the object says now, so that words taken out of a listing
    are not shown from an index that lags behind. For each kind among the hits it is asked which of
    them may be seen; what they say and their relations are read where they are not kept.
    """
    found = list(hits)
    viewer = AnonymousUser() if user is None else user
    current: dict[tuple[str, str], Described] = {}
    for kind in dict.fromkeys(hit.kind for hit in found):
        registered = _sources.get(kind)
        if registered is None:
            continue
        keys = [hit.key for hit in found if hit.kind == kind]
        rows = registered.model._default_manager.filter(public_id__in=keys)
        rows = registered.narrow(registered.visible(rows, viewer), narrowed)
        seen = sorted(set(rows.order_by().values_list("public_id", flat=True)))
        # Names of codes in what they say are of the language of the page.
        described = kept_each(f"found:{kind}:{get_language()}", seen, registered.described)
        current |= {(kind, key): one for key, one in described.items()}
    return [
        (replace(hit, title=document.title, text=document.text), row)
        for hit in found
        if (place := (hit.kind, hit.key)) in current
        for document, row in [current[place]]
    ]


def _kinds() -> dict[str, str]:
    return {registered.kind: str(registered.label) for registered in sources()}


register_facet(Facet(KIND, _("Loại"), ("loại",), _kinds))
