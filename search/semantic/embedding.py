"""The stage `search.embed`: public rows whose newest content no vector was made of yet.

Its mark is `Passage.version` beside the row. Vectors are made outside of any transaction; what is
written twice comes out the same, so it may be killed anywhere. What is no longer public leaves first.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from search.analysis import detect_language
from search.documents import Document
from search.models import Passage, note_problem
from search.rebuilding import Row, built
from search.registry import Source, source
from search.semantic.port import Encoder, get_encoder, is_installed

#: About a second of one core: a tick renews its lease between batches.
BATCH: Final = 64

_kinds: list[str] = []


def register_meaning_of(*kinds: str) -> None:
    """Kinds of searchable objects that are looked for by meaning."""
    _kinds.extend(kind for kind in kinds if kind not in _kinds)


def embedded_sources() -> list[Source]:
    return [found for kind in _kinds if (found := source(kind)) is not None]


def embed_batch(limit: int = BATCH) -> int:
    """Does the next rows; 0 where nothing waits, or the semantic part is not installed."""
    encoder = get_encoder()
    if encoder is None:
        return 0
    gone = sum(Passage.forget(_left(entry)) for entry in embedded_sources())
    if gone:
        return gone
    for entry in embedded_sources():
        rows: list[Row] = list(
            waiting_rows(entry, encoder.name)
            .order_by("pk")
            .values_list("pk", "public_id", "content_version")[:limit]
        )
        if rows:
            return _embed(entry, rows, encoder)
    return 0


def waiting_rows(entry: Source, model: str) -> QuerySet[Any]:
    """Public rows without a vector of this model and of their newest content."""
    done = Passage.objects.filter(
        kind=entry.kind, row=OuterRef("pk"), version__gte=OuterRef("content_version"), model=model
    )
    return entry.indexable(entry.model._default_manager.all()).filter(~Exists(done))


def _left(entry: Source) -> QuerySet[Passage]:
    """Vectors of rows that changed since, and are not public any more."""
    behind = Passage.objects.filter(
        kind=entry.kind, row=OuterRef("pk"), version__lt=OuterRef("content_version")
    )
    changed = entry.model._default_manager.filter(Exists(behind))
    gone = changed.exclude(pk__in=entry.indexable(changed).values("pk"))
    return Passage.objects.filter(kind=entry.kind, row__in=gone.values("pk"))


def _embed(entry: Source, rows: Sequence[Row], encoder: Encoder) -> int:
    documents = built(entry, rows)
    found = [(row, document) for row in rows if (document := documents.get(row[0])) is not None]
    vectors = encoder.passages([passage_text(document) for _row, document in found])
    Passage.replace(
        Passage(
            kind=entry.kind,
            row=pk,
            key=public_id,
            version=version,
            model=encoder.name,
            language=language_of(document),
            vector=vector,
        )
        for ((pk, public_id, version), document), vector in zip(found, vectors, strict=True)
    )
    for pk, public_id, version in rows:
        if documents.get(pk) is None and pk in documents:
            _set_aside(entry, pk, public_id, version, encoder)
    return len(rows)


def _set_aside(entry: Source, pk: int, public_id: str, version: int, encoder: Encoder) -> None:
    """One that cannot be built must stop no other: it has a mark without a vector until it changes."""
    note_problem("embed", "unbuildable", subject=f"{entry.kind}:{public_id}")
    Passage.replace(
        [Passage(kind=entry.kind, row=pk, key=public_id, version=version, model=encoder.name)]
    )


def passage_text(document: Document) -> str:
    """What the model reads of a document."""
    return "\n".join(part for part in (document.title, document.text) if part)


def language_of(document: Document) -> str:
    return document.language or detect_language(passage_text(document))


# --- for the people who keep it ----------------------------------------------------------------


def embedded_share() -> tuple[int, int] | None:
    """How many public rows have a vector of their newest content, of how many; None: not installed.

    The model is not loaded for it: that which wrote the newest vector is the one in use.
    """
    if not is_installed():
        return None
    model = Passage.objects.order_by("-pk").values_list("model", flat=True).first() or ""
    public = waiting = 0
    for entry in embedded_sources():
        public += entry.indexable(entry.model._default_manager.all()).count()
        waiting += waiting_rows(entry, model).count()
    return public - waiting, public
