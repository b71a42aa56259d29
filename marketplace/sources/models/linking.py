"""Which records describe one thing: what is compared, what was decided, what was joined.

Records of both registers lie in these tables by kind and key: a record is never deleted, and what is
found of it here can be found again.
"""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.sources.models.records import LINKED


class LinkMark(models.Model):
    """The version of a record that was compared with the others; the stage's own mark."""

    kind = models.CharField(max_length=8, choices=LINKED)
    record = models.PositiveBigIntegerField()
    version = models.PositiveBigIntegerField()
    #: Of what was compared last: a decision holds as long as this stays. Empty: never compared.
    digest = models.CharField(max_length=32, blank=True)
    #: Of the way of comparing (`LINKING_EDITION`): a record of an older one is compared again.
    edition = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "record"], name="link_mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record} v{self.version}"


class LinkKey(models.Model):
    """A blocking key of a record (`marketplace.reading.records.keys`); equal keys may be one thing."""

    kind = models.CharField(max_length=8, choices=LINKED)
    record = models.PositiveBigIntegerField()
    key = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key", "record"], name="link_key_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "record"], name="link_keys_of")]

    def __str__(self) -> str:
        return str(self.key)


class LinkPairQuerySet(models.QuerySet["LinkPair"]):
    def waiting(self) -> Self:
        return self.filter(state=LinkPair.State.WAITING)

    def of(self, kind: str, record: int) -> Self:
        return self.filter(Q(left=record) | Q(right=record), kind=kind)


class LinkPair(models.Model):
    """Two records that may be one, with how likely and why; or that somebody said are two."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("tình trạng cặp trùng", "Chờ xem")
        LATER = "later", pgettext_lazy("tình trạng cặp trùng", "Để sau")
        MERGED = "merged", pgettext_lazy("tình trạng cặp trùng", "Đã gộp")
        APART = "apart", pgettext_lazy("tình trạng cặp trùng", "Giữ riêng")

    kind = models.CharField(_("loại"), max_length=8, choices=LINKED)
    left = models.PositiveBigIntegerField()
    right = models.PositiveBigIntegerField()
    state = models.CharField(_("tình trạng"), max_length=8, choices=State, default=State.WAITING)
    probability = models.FloatField(_("xác suất là một"))
    #: `Verdict.as_data()`: the reasons in plain data.
    explanation = models.JSONField(default=dict)
    #: Of both records when it was decided: with other contents the question is open again.
    left_digest = models.CharField(max_length=32)
    right_digest = models.CharField(max_length=32)
    found_at = models.DateTimeField(_("phát hiện lúc"))
    #: Empty where the stage decided.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người quyết định"),
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    objects = LinkPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("cặp có thể trùng")
        verbose_name_plural = _("cặp có thể trùng")
        ordering: ClassVar = ["-probability", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "left", "right"], name="link_pair_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="link_pair_in_order"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "right"], name="link_pair_right"),
            models.Index(fields=["state", "-probability"], name="link_pair_desk"),
        ]

    def __str__(self) -> str:
        return f"{self.left} – {self.right}"


class MergeQuerySet(models.QuerySet["Merge"]):
    def standing(self) -> Self:
        return self.filter(undone_at=None)


class Merge(models.Model):
    """One record stands for another: the duplicate is on no page and leads to the survivor.

    Holds all that undoing it needs: what was filled in at the survivor, and what was moved there.
    """

    kind = models.CharField(_("loại"), max_length=8, choices=LINKED)
    duplicate = models.PositiveBigIntegerField()
    survivor = models.PositiveBigIntegerField()
    probability = models.FloatField(_("xác suất là một"), null=True)
    explanation = models.JSONField(default=dict)
    #: Field → value that the survivor lacked and the duplicate had.
    filled = models.JSONField(default=dict)
    #: Name of a registered attachment → what its mover needs to take it back.
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField(_("gộp lúc"))
    #: Empty where the stage did it.
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người gộp"),
    )
    undone_at = models.DateTimeField(_("tách lại lúc"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người tách"),
    )
    undo_reason = models.CharField(_("lý do tách"), max_length=300, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần gộp")
        verbose_name_plural = _("lần gộp")
        ordering: ClassVar = ["-merged_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "duplicate"],
                condition=Q(undone_at=None),
                name="merge_standing_once",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate=F("survivor")), name="merge_of_two_records"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["kind", "survivor"], condition=Q(undone_at=None), name="merge_into"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate} → {self.survivor}"
