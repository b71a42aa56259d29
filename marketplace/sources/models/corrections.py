from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.research.models import Application, Result, Sourced, Task
from marketplace.sources.models.records import RawRecord


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def of(self, model: type[Sourced], rows: Iterable[int]) -> Self:
        """Those of these rows of one register."""
        return self.filter(**{f"{model._meta.model_name}__in": list(rows)})


class Correction(models.Model):
    """Staff wrote another value into a field than the source has. At most one stands for a field."""

    result = models.ForeignKey(
        Result, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    application = models.ForeignKey(
        Application, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    field = models.CharField(_("trường"), max_length=40)
    value = models.JSONField(_("giá trị đã sửa"), null=True)
    #: What the source says: its value when it was corrected, or one seen and turned down since.
    over_value = models.JSONField(_("giá trị của nguồn"), null=True)
    reason = models.CharField(_("lý do"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("người sửa"),
    )
    at = models.DateTimeField(_("sửa lúc"))
    #: Set when it stands no more: replaced, taken back, or the source's value was taken.
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("chỗ đã sửa")
        verbose_name_plural = _("chỗ đã sửa")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result", "field"],
                condition=models.Q(ended_at=None),
                name="correction_standing_once",
            ),
            models.UniqueConstraint(
                fields=["task", "field"],
                condition=models.Q(ended_at=None),
                name="correction_of_task_standing_once",
            ),
            models.UniqueConstraint(
                fields=["application", "field"],
                condition=models.Q(ended_at=None),
                name="correction_of_application_standing_once",
            ),
            models.CheckConstraint(
                condition=models.Q(result__isnull=False, task=None, application=None)
                | models.Q(result=None, task__isnull=False, application=None)
                | models.Q(result=None, task=None, application__isnull=False),
                name="correction_of_one_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"

    @property
    def record(self) -> Result | Task | Application:
        found = self.task or self.application or self.result
        assert found is not None
        return found

    @property
    def record_id(self) -> int:
        found = self.task_id or self.application_id or self.result_id
        assert found is not None
        return found


class Conflict(models.Model):
    """The source says something new about a field that staff corrected: somebody is to decide."""

    class State(models.TextChoices):
        OPEN = "open", _("Chờ xem xét")
        KEPT = "kept", _("Giữ giá trị đã sửa")
        TAKEN = "taken", _("Lấy giá trị của nguồn")
        #: The source took its value back, or a newer one came before anybody decided.
        GONE = "gone", _("Không còn khác")

    correction = models.ForeignKey(Correction, models.CASCADE, related_name="conflicts")
    raw_record = models.ForeignKey(
        RawRecord,
        models.SET_NULL,
        null=True,
        related_name="conflicts",
        verbose_name=_("bản ghi gốc"),
    )
    value = models.JSONField(_("giá trị của nguồn"), null=True)
    #: The correction's `over_value` before it was decided, for taking the decision back.
    previous = models.JSONField(null=True, editable=False)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    found_at = models.DateTimeField(_("phát hiện lúc"))
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Empty where the mapping decided: the source is master of the field.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("khác biệt")
        verbose_name_plural = _("khác biệt")
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["correction"],
                condition=models.Q(state="open"),
                name="conflict_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.correction.field}: {self.get_state_display()}"
