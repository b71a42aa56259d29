"""Models several apps share: stage marks, leases, idempotency keys, the audit log."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from marketplace.core.kept_pages import forget_pages
from marketplace.core.text import new_public_id


class StagedQuerySet(models.QuerySet):
    def stale(self, mark: str) -> Self:
        """Rows whose stage `mark` (as `indexed_version`) is behind their content."""
        return self.filter(**{f"{mark}__lt": F("content_version")})

    def update(self, **values: Any) -> int:
        """As Django's, and a change of content raises the version in the same UPDATE.

        So does `bulk_update`, which ends here: forgetting the version is not possible.
        """
        model: Any = self.model
        if "content_version" not in values and not model.is_bookkeeping(values):
            values["content_version"] = F("content_version") + 1
        if "content_version" in values:
            forget_pages(self.db)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def raise_content_version(self) -> int:
        """What these rows show changed elsewhere (a renamed organisation and its listings)."""
        return self.update(content_version=F("content_version") + 1)

    raise_content_version.alters_data = True  # type: ignore[attr-defined]

    def update_content(self, **values: Any) -> int:
        """`update` that says at the call that readers, index and matches are to follow."""
        return self.update(content_version=F("content_version") + 1, **values)

    update_content.alters_data = True  # type: ignore[attr-defined]


class Versioned(models.Model):
    """A row whose `content_version` rises in the same UPDATE as every change; staleness is never read
    from a clock, since a change can commit after a run that started later.

    Each stage that works on such rows keeps in a mark of its own the version it has done. A mark is
    written by its stage alone (`mark_done`), never by `save()`, so a slow form cannot undo it. A
    concrete class makes its `objects` from a StagedQuerySet (a test holds it to that).
    """

    STAGE_MARKS: ClassVar[frozenset[str]] = frozenset()
    #: Bookkeeping that readers, the index and matching never see.
    UNVERSIONED_FIELDS: ClassVar[frozenset[str]] = frozenset()

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    content_version = models.PositiveBigIntegerField(default=1, editable=False)

    objects: Any

    class Meta:
        abstract = True

    @classmethod
    def is_bookkeeping(cls, names: Iterable[str]) -> bool:
        """Whether a change of these fields (at least one) leaves the content as it is."""
        fields = {"pk" if name == "pk" else cls._meta.get_field(name).name for name in names}
        return bool(fields) and fields <= cls.STAGE_MARKS | cls.UNVERSIONED_FIELDS

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if kwargs.get("force_insert") or self._is_new(kwargs.get("using")):
            super().save(*args, update_fields=update_fields, **kwargs)
            forget_pages(self._state.db)
            return
        if update_fields is None:
            deferred = self.get_deferred_fields()
            names = {
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and not field.generated and field.attname not in deferred
            }
        else:
            # An empty list comes from a cluster model of which only the child rows change.
            names = {self._meta.get_field(name).name for name in update_fields}
            if self.is_bookkeeping(names):
                names -= self.STAGE_MARKS
                super().save(*args, update_fields=names, **kwargs)
                return
        names = (names - self.STAGE_MARKS) | {"content_version"}
        before = self.content_version
        self.content_version = F("content_version") + 1
        try:
            with transaction.atomic(using=kwargs.get("using") or self._state.db):
                super().save(*args, update_fields=names, **kwargs)
                self.refresh_from_db(using=kwargs.get("using"), fields=["content_version"])
                forget_pages(self._state.db)
        except BaseException:
            self.content_version = before
            raise

    def _is_new(self, using: str | None) -> bool:
        if not self._state.adding:
            return False
        # A revision read back is a new object with the key of a row that exists.
        rows = type(self)._base_manager.using(using or self._state.db)
        return self.pk is None or not rows.filter(pk=self.pk).exists()

    @classmethod
    def mark_done(cls, mark: str, done: Iterable[tuple[int, int]]) -> None:
        """Sets a stage's mark on rows `(pk, version)`; never back to an older version."""
        if mark not in cls.STAGE_MARKS:
            raise ValueError(f"{mark} is no stage mark of {cls.__name__}")
        by_version: dict[int, list[int]] = {}
        for pk, version in done:
            by_version.setdefault(version, []).append(pk)
        with transaction.atomic():
            for version, pks in sorted(by_version.items()):
                for start in range(0, len(pks), 500):
                    cls._base_manager.filter(
                        pk__in=pks[start : start + 500], **{f"{mark}__lt": version}
                    ).update(**{mark: version})


class Staged(Versioned):
    """A row that is indexed, matched and told of."""

    STAGE_MARKS: ClassVar[frozenset[str]] = frozenset(
        {"indexed_version", "matched_version", "alerted_version"}
    )

    indexed_version = models.PositiveBigIntegerField(default=0, editable=False)
    matched_version = models.PositiveBigIntegerField(default=0, editable=False)
    alerted_version = models.PositiveBigIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        abstract = True


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
    location = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "path"], name="idempotency_key_path"),
        ]

    def __str__(self) -> str:
        return self.path


class AuditQuerySet(models.QuerySet):
    def update(self, **values: Any) -> int:
        raise TypeError("audit entries are only ever added")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("audit entries are never deleted")


class AuditEntry(models.Model):
    """One line of the append-only log; a tick seals lines into a hash chain (see `audit`)."""

    at = models.DateTimeField()
    actor = models.CharField(
        max_length=64, help_text="keyed hash of the person, or the stage's name"
    )
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    sequence = models.PositiveBigIntegerField(null=True, unique=True)
    seal = models.CharField(max_length=64, blank=True)

    objects = AuditQuerySet.as_manager()

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


class AuditArchive(models.Model):
    """A year of the log that left the database for a file (see `audit.archiving`)."""

    year = models.PositiveSmallIntegerField()
    first_sequence = models.PositiveBigIntegerField(unique=True)
    last_sequence = models.PositiveBigIntegerField(unique=True)
    #: The seal before the first line, and that of the last: where the chain goes on.
    previous_seal = models.CharField(max_length=64, blank=True)
    last_seal = models.CharField(max_length=64)
    file = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    keep_until = models.DateField()

    class Meta:
        ordering = ["first_sequence"]

    def __str__(self) -> str:
        return f"{self.year}: {self.first_sequence}–{self.last_sequence}"

    @property
    def end(self) -> tuple[int, str]:
        return self.last_sequence, self.last_seal
