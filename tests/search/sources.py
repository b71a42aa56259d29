"""A source of our own over the plainest staged model, so that these tests need no app's builder."""

from itertools import count

from marketplace.core import clock
from marketplace.research.models import Result
from search.documents import Document
from search.registry import Source

_number = count(1)


def build(result: Result) -> Document:
    if result.title == "unbuildable":
        raise ValueError("a builder may fail")
    return Document(
        kind="result",
        key=result.public_id,
        title=result.title,
        text=result.abstract,
        codes=(result.archive_number,) if result.archive_number else (),
        numbers={"trl": result.trl} if result.trl else {},
    )


RESULTS = Source(
    kind="result",
    label="Kết quả",
    model=Result,
    indexable=lambda results: results.filter(withdrawn_at=None),
    build=build,
    visible=lambda results, user: results.filter(withdrawn_at=None),
    related=("organization",),
    card_template="search/hit.html",
)


def make_result(title: str = "Máy sấy xoài", **values) -> Result:
    return Result.objects.create(
        source="test", source_id=str(next(_number)), title=title, content_hash="x", **values
    )


def withdraw(result: Result) -> None:
    result.withdrawn_at = clock.now()
    result.save()
