"""Models several apps share: stage marks, leases, idempotency keys, the audit log."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from marketplace.core.text import new_public_id


class StagedQuerySet(models.QuerySet):
    def stale(self, mark: str) -> Self:
        """Rows whose stage `mark` (`indexed_version`, `matched_version`) is behind their content."""
        return self.filter(**{f"{mark}__lt": F("content_version")})

    def raise_content_version(self) -> int:
        return self.update(content_version=F("content_version") + 1)

    def update_content(self, **values: Any) -> int:
        """A bulk change of content: the version rises in the same UPDATE."""
        return self.update(content_version=F("content_version") + 1, **values)


class Staged(models.Model):
    """A row that later stages work on: each stage keeps the version of the content it has done.

    `content_version` rises in the same UPDATE as every change; staleness is never read from a clock,
    since a change can commit after a run that started later. A stage's mark is written by that stage
    alone (`mark_done`), never by `save()`, so a slow form cannot undo it.
    """

    STAGE_MARKS: ClassVar[frozenset[str]] = frozenset({"indexed_version", "matched_version"})
    #: Bookkeeping that readers, the index and matching never see.
    UNVERSIONED_FIELDS: ClassVar[frozenset[str]] = frozenset()

    public_id = models.CharField(
        max_length=12, unique=True, default=new_public_id, editable=False
    )
    content_version = models.PositiveBigIntegerField(default=1, editable=False)
    indexed_version = models.PositiveBigIntegerField(default=0, editable=False)
    matched_version = models.PositiveBigIntegerField(default=0, editable=False)

    objects = StagedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if self._state.adding or self.pk is None or kwargs.get("force_insert"):
            super().save(*args, update_fields=update_fields, **kwargs)
            return
        if update_fields is None:
            names = {f.name for f in self._meta.concrete_fields if not f.primary_key}
        else:
            names = set(update_fields)
            if names <= self.UNVERSIONED_FIELDS:
                super().save(*args, update_fields=names, **kwargs)
                return
        names = (names - self.STAGE_MARKS) | {"content_version"}
        with transaction.atomic():
            self.content_version = F("content_version") + 1
            super().save(*args, update_fields=names, **kwargs)
            self.refresh_from_db(fields=["content_version"])

    @classmethod
    def mark_done(cls, mark: str, done: Iterable[tuple[int, int]]) -> None:
        """Sets a stage's mark on rows `(pk, version)`; never back to an older version."""
        by_version: dict[int, list[int]] = {}
        for pk, version in done:
            by_version.setdefault(version, []).append(pk)
        with transaction.atomic():
            for version, pks in by_version.items():
                for start in range(0, len(pks), 500):
                    cls._base_manager.filter(
                        pk__in=pks[start : start + 500], **{f"{mark}__lt": version}
                    ).update(**{mark: version})


class Lease(models.Model):
    """Who may run a tick now: a row, so that two workers or two beats never run one stage twice."""

    name = models.CharField(max_length=64, primary_key=True)
    owner = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """The first answer to a form, so that a second click or a repeated request gets it again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    key = models.CharField(max_length=64)
    path = models.CharField(max_length=300)
    status = models.PositiveSmallIntegerField(null=True)
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "path"], name="idempotency_key_path"),
        ]

    def __str__(self) -> str:
        return self.path


class AuditEntry(models.Model):
    """One line of the append-only log; a tick seals lines into a hash chain (see `audit`)."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=64, help_text="keyed hash of the person, or the stage's name")
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    sequence = models.PositiveBigIntegerField(null=True, unique=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("audit entries are only ever added")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("audit entries are never deleted")
