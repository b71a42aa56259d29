"""What was found for somebody who looks: the columns that a need's matches and an interest's share."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.supply import SupplyKind, supply_kind, supply_kinds
from marketplace.core.text import new_public_id


class Band(models.TextChoices):
    STRONG = "strong", _("Rất phù hợp")
    GOOD = "good", _("Phù hợp")
    WEAK = "weak", _("Có thể liên quan")


class CandidateOfMatch:
    """The row that was matched, of whatever kind: loaded when asked for, or with a whole list by
    `prefetch_related("candidate")`, one query a kind and one for its organisations.

    None where the row is gone for good; such a match is shown nowhere.
    """

    def __get__(self, match: Any, owner: type | None = None) -> Any:
        if match is None:
            return self
        if not self.is_cached(match):
            self._load([match])
        return match.__dict__["_candidate"]

    def __set__(self, match: Any, row: Any) -> None:
        match.__dict__["_candidate"] = row

    def is_cached(self, match: Any) -> bool:
        return "_candidate" in match.__dict__

    def _load(self, matches: Sequence[Any]) -> None:
        rows = self._rows(matches)
        for match in matches:
            self.__set__(match, rows.get((match.kind, match.candidate_id)))

    def _rows(self, matches: Sequence[Any]) -> dict[tuple[str, int], Any]:
        wanted: dict[str, set[int]] = {}
        for match in matches:
            wanted.setdefault(match.kind, set()).add(match.candidate_id)
        return {
            (code, row.pk): row
            for code, rows in self._models().items()
            if code in wanted
            for row in rows.filter(pk__in=wanted[code]).select_related("organization")
        }

    def _models(self) -> dict[str, QuerySet[Any]]:
        return {code: kind.all_rows() for code, kind in supply_kinds().items()}

    def get_prefetch_querysets(self, instances: Sequence[Any], querysets: Any = None) -> Any:
        """What Django's `prefetch_related` asks of the far end of a relation."""
        rows = self._rows(instances)
        return (
            list(rows.values()),
            lambda row: (type(row), row.pk),
            lambda match: (self._model_of(match), match.candidate_id),
            True,
            "candidate",
            True,
        )

    def _model_of(self, match: Any) -> type | None:
        rows = self._models().get(match.kind)
        return rows.model if rows is not None else None


class Found(models.Model):
    """A row of any registered kind, by kind and primary key, as last scored.

    A row that no longer fits is retired, not deleted: what people said about it stays.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    #: Of the candidate: which kind, and its primary key there.
    kind = models.CharField(max_length=20)
    candidate_id = models.PositiveBigIntegerField()
    rank = models.PositiveSmallIntegerField()
    score = models.FloatField()
    probability = models.FloatField()
    band = models.CharField(max_length=8, choices=Band)
    #: What the card shows: reasons (code, params, evidence), elements, compared specifications.
    explanation = models.JSONField(default=dict)
    first_matched_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def kind_of_supply(self) -> SupplyKind:
        """Of one that is no need."""
        return supply_kind(self.kind)


class FoundQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(retired_at=None)

    def of(self, kind: str, rows: Iterable[int] | QuerySet[Any]) -> Self:
        """What was found of these rows of one kind, by primary key."""
        return self.filter(kind=kind, candidate_id__in=rows)
