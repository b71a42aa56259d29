"""Which rows are given out, and what is said of them in every format."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet

from marketplace.research.models import Result, Task
from marketplace.research.models.records import Record
from marketplace.sources.visibility import NOT_PUBLIC

MARK: Final = "listed_version"


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of public records: its rows, and the sets that a row belongs to."""

    name: str
    model: type[Record]
    #: The set that the OpenAIRE guidelines for CRIS managers ask for.
    cris_set: str
    related: tuple[str, ...] = ()

    def public(self) -> QuerySet[Any]:
        """Rows that anybody may read, with what the formats need."""
        rows: QuerySet[Any] = self.rows().public()
        return rows.select_related(*self.related)

    def readable(self, shared: Collection[str] = ()) -> QuerySet[Any]:
        """The public rows, and those that the named sources keep for readers like this one."""
        if not shared:
            return self.public()
        kept = Q(withdrawal_reason=NOT_PUBLIC, source__in=list(shared))
        found: QuerySet[Any] = self.rows().filter(
            Q(pk__in=self.rows().public().values("pk")) | kept
        )
        return found.select_related(*self.related)

    def rows(self) -> Any:
        return self.model._default_manager.all()

    def sets(self, row: Any) -> Iterable[str]:
        yield self.cris_set
        for code in row.field_trail.strip("|").split("|"):
            if len(code) == 1:
                yield f"field:{code}"
            elif len(code) == 3:
                yield f"field:{code[0]}:{code}"
        if row.level:
            yield f"level:{row.level}"


KINDS: Final = {
    kind.name: kind
    for kind in (
        RecordKind(
            "result", Result, "openaire_cris_publications", related=("organization", "task")
        ),
        RecordKind("task", Task, "openaire_cris_projects", related=("organization",)),
    )
}


def rows_by_key(kind: str, keys: Iterable[str], shared: Collection[str] = ()) -> dict[str, Any]:
    """The rows among these that a reader of the `shared` sources may have, by their public id."""
    rows = KINDS[kind].readable(shared).filter(public_id__in=list(keys))
    return {row.public_id: row for row in rows}
