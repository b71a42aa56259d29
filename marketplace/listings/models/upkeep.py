"""What a listing names that may cease to be true: addresses of pages, and rights with a last day."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock


class LinkState(models.TextChoices):
    NEW = "new", _("chưa kiểm tra")
    ALIVE = "alive", _("mở được")
    FAILING = "failing", _("vừa không mở được")
    DEAD = "dead", _("không mở được")


class ListingLinkQuerySet(models.QuerySet["ListingLink"]):
    def dead(self) -> Self:
        return self.filter(state=LinkState.DEAD)

    def due(self) -> Self:
        return self.filter(next_check_at__lte=clock.now()).order_by("next_check_at", "pk")


class ListingLink(models.Model):
    """An address in the public words of a shown listing, and whether it answers."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    url = models.CharField(_("địa chỉ"), max_length=500)
    host = models.CharField(max_length=255)
    state = models.CharField(max_length=8, choices=LinkState, default=LinkState.NEW)
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True)
    dead_since = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(default=clock.now)

    objects = ListingLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("đường dẫn trong tin")
        verbose_name_plural = _("đường dẫn trong tin")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key", "url"], name="link_once_a_listing"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_check_at"], name="link_next_check"),
            models.Index(fields=["host", "checked_at"], name="link_of_host"),
            models.Index(fields=["kind", "key"], condition=Q(state="dead"), name="link_dead"),
        ]

    def __str__(self) -> str:
        return self.url


class LinksRead(models.Model):
    """Up to which version of a listing its addresses have been noted."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    version = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="links_read_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} v{self.version}"


class CopiesFound(models.Model):
    """How many listings a submission was found to be like, as it was when it was compared."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=12)
    revision_id = models.PositiveBigIntegerField()
    count = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="copies_found_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key} {self.count}"


class RightTold(models.Model):
    """That the owner of an offer was told of the last day of a right, or asked for it: once a stage."""

    class Stage(models.TextChoices):
        UNDATED = "undated", _("chưa ghi ngày hết hiệu lực")
        SOON = "soon", _("sắp hết hiệu lực")
        LAPSED = "lapsed", _("đã hết hiệu lực")

    key = models.CharField(max_length=12)
    number = models.CharField(max_length=60)
    stage = models.CharField(max_length=8, choices=Stage)
    lapses_on = models.DateField(null=True)
    told_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "number", "stage", "lapses_on"], name="right_told_once"
            ),
            models.UniqueConstraint(
                fields=["key", "number", "stage"],
                condition=Q(lapses_on=None),
                name="right_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number} {self.stage}"
