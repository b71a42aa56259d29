from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock


class Tombstone(models.Model):
    """A row that was really deleted and whose document must leave the index.

    Withdrawn rows need none: they stay, and their raised version tells the sync.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="tombstone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def leave_tombstones(kind: str, keys: list[str]) -> None:
    """Call it in the transaction that deletes the rows; their vectors leave with them."""
    Passage.forget(Passage.objects.filter(kind=kind, key__in=keys))
    Tombstone.objects.bulk_create(
        [Tombstone(kind=kind, key=key) for key in keys], ignore_conflicts=True
    )


class IndexRun(models.Model):
    """A rebuild or a check of the index: asked for, under way, ended. One of each at a time.

    ``builder`` names the generation that a rebuild fills; ``position`` is how far it had read when
    readers went over. Who asked stands in the audit log.
    """

    class Kind(models.TextChoices):
        REBUILD = "rebuild", pgettext_lazy("việc trên chỉ mục", "Dựng lại")
        CHECK = "check", pgettext_lazy("việc trên chỉ mục", "Đối chiếu")
        REPAIR = "repair", pgettext_lazy("việc trên chỉ mục", "Đối chiếu và sửa")

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("việc trên chỉ mục", "Đang chờ")
        RUNNING = "running", pgettext_lazy("việc trên chỉ mục", "Đang chạy")
        SWAPPING = "swapping", pgettext_lazy("việc trên chỉ mục", "Đang chuyển")
        FAILED = "failed", pgettext_lazy("việc trên chỉ mục", "Lỗi, chạy lại được")
        DONE = "done", pgettext_lazy("việc trên chỉ mục", "Xong")

    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    builder = models.CharField(max_length=120, blank=True)
    position = models.JSONField(default=dict)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    outcome = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("việc trên chỉ mục")
        verbose_name_plural = _("việc trên chỉ mục")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(finished_at=None),
                name="one_open_index_run_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class BuiltChunk(models.Model):
    """Rows that a rebuild has read: ``[key, public id, version]`` of all with ``after < pk <= last``.

    Written before the documents are kept, so that a build never holds what no chunk names; what
    is ahead of the kept position is dropped when the build goes on.
    """

    run = models.ForeignKey(IndexRun, models.CASCADE, related_name="chunks")
    kind = models.CharField(max_length=40)
    after = models.PositiveBigIntegerField()
    last = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    rows = models.JSONField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.after}–{self.last}"


class IndexProblem(models.Model):
    """What went wrong with the index, each kind of trouble once, for the staff's page."""

    stage = models.CharField(max_length=20)
    subject = models.CharField(max_length=120, blank=True)
    message = models.CharField(max_length=300)
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "subject", "message"], name="index_problem_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.subject}: {self.message}"


#: Older ones are of no use to anybody.
_MOST_PROBLEMS: Final = 200


def note_problem(stage: str, message: str, *, subject: str = "") -> None:
    """Remember it, or that it happened again."""
    key = {"stage": stage, "subject": subject[:120], "message": message[:300]}
    now = clock.now()
    if IndexProblem.objects.filter(**key).update(last_at=now, times=F("times") + 1):
        return
    IndexProblem.objects.bulk_create(
        [IndexProblem(**key, first_at=now, last_at=now)], ignore_conflicts=True
    )
    oldest = list(IndexProblem.objects.values_list("pk", flat=True)[_MOST_PROBLEMS:])
    if oldest:
        IndexProblem.objects.filter(pk__in=oldest).delete()


# --- the optional semantic part ----------------------------------------------------------------


class Passage(models.Model):
    """What the model made of one public row: a vector, and the version of the content it was made of.

    Beside the row, so that the registers know nothing of it and it can be thrown away; the row is
    named by its key and its public id. A new version is a new row here, so that whoever has read the
    table up to some key finds what is new behind it.
    """

    kind = models.CharField(max_length=40)
    row = models.PositiveBigIntegerField()
    key = models.CharField(max_length=64)
    #: Of the content that was read: the stage's own mark.
    version = models.PositiveBigIntegerField()
    #: Name of the encoder; vectors of two are not comparable.
    model = models.CharField(max_length=60)
    language = models.CharField(max_length=2, blank=True)
    vector = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "row"], name="passage_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="passage_by_key")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} v{self.version}"

    @staticmethod
    @transaction.atomic
    def replace(passages: Iterable["Passage"]) -> None:
        """Puts these in the place of those of the same rows; doing it twice changes nothing."""
        made = list(passages)
        for kind in {passage.kind for passage in made}:
            rows = [passage.row for passage in made if passage.kind == kind]
            Passage.objects.filter(kind=kind, row__in=rows).delete()
        Passage.objects.bulk_create(made)
        PassageState.note_change()

    @staticmethod
    @transaction.atomic
    def forget(passages: models.QuerySet[Any]) -> int:
        """Deletes them; whoever holds vectors in memory sees it at its next question."""
        count, _by_model = passages.delete()
        if count:
            PassageState.note_change()
        return count


class PassageState(models.Model):
    """One row, whose number rises with every change of the passages: cheaper to ask than to count."""

    change = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.change)

    @staticmethod
    def note_change() -> None:
        if not PassageState.objects.filter(pk=1).update(change=F("change") + 1):
            first = PassageState(pk=1, change=1)
            PassageState.objects.bulk_create([first], ignore_conflicts=True)

    @classmethod
    def current(cls) -> int:
        return cls.objects.filter(pk=1).values_list("change", flat=True).first() or 0
