"""Records that a source lists no more: servers that do not tell of deletions are compared with."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.sources.models.runs import Run
from marketplace.sources.models.sources import Source


class Listed(models.Model):
    """A record that a listing of everything has named so far; gone when the listing has ended."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    identifier = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "identifier"], name="listed_once"),
        ]

    def __str__(self) -> str:
        return self.identifier


class VanishingQuerySet(models.QuerySet["Vanishing"]):
    def waiting(self) -> Self:
        return self.filter(state=Vanishing.State.WAITING)

    def accepted(self) -> Self:
        return self.filter(state=Vanishing.State.ACCEPTED).order_by("found_at", "pk")


class Vanishing(models.Model):
    """What one complete listing no longer had, and what is done about it."""

    class State(models.TextChoices):
        #: More than is plausible: the server may have lost them, not the source.
        WAITING = "waiting", _("Chờ xem xét")
        ACCEPTED = "accepted", _("Đang gỡ")
        DONE = "done", _("Đã gỡ")
        KEPT = "kept", _("Giữ lại")
        #: A later listing was compared before anybody decided.
        REPLACED = "replaced", _("Đã có lần đối chiếu sau")

    source = models.ForeignKey(Source, models.PROTECT, related_name="vanishings")
    #: The listing that was compared with.
    listing = models.ForeignKey(Run, models.PROTECT, related_name="+")
    #: The run under which they are taken off; undoing it shows them again.
    run = models.OneToOneField(
        Run, models.PROTECT, null=True, related_name="vanishing", editable=False
    )
    #: Their ids in the source; of kept ones those that are still not listed.
    identifiers = models.JSONField(default=list)
    count = models.PositiveIntegerField(_("không còn ở nguồn"))
    total = models.PositiveIntegerField(_("đang hiển thị"))
    state = models.CharField(
        _("tình trạng"), max_length=8, choices=State, default=State.WAITING, db_index=True
    )
    found_at = models.DateTimeField(_("phát hiện lúc"))
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    #: Empty where few enough were gone for nobody to be asked.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("lý do"), max_length=300, blank=True)

    objects = VanishingQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần đối chiếu thấy thiếu")
        verbose_name_plural = _("lần đối chiếu thấy thiếu")
        ordering: ClassVar[Any] = ["-found_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.source}: {self.count}"

    @property
    def percent(self) -> int:
        return round(100 * self.count / self.total) if self.total else 0
