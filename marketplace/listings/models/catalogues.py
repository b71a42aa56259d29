"""One time that an organisation brought in its catalogue: what stood in the sheet, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Membership, Organization
from marketplace.core import clock
from marketplace.core.text import new_public_id

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class CatalogueRunQuerySet(models.QuerySet):
    def editable_by(self, user: User | AnonymousUser) -> Self:
        """Those of the organisations in which the person edits."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            organization__in=Organization.objects.filter(
                memberships__user=user, memberships__role__in=Membership.EDITING_ROLES
            )
        )


class CatalogueRun(models.Model):
    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=12)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("một tổ chức", "Tổ chức"),
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    #: Each: number, title, written (text by field), files, faults (label and words), stops (why it makes no
    #: draft), key (of its draft), undone (what became of it).
    rows = models.JSONField(default=list)
    read_at = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = CatalogueRunQuerySet.as_manager()

    class Meta:
        ordering = ["-read_at", "-pk"]
        verbose_name = _("lần nhập danh mục")
        verbose_name_plural = _("lần nhập danh mục")
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(made_at__isnull=False),
                name="catalogue_undone_was_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def file_names(self) -> list[str]:
        """Files that its rows name, each once."""
        return list(dict.fromkeys(name for row in self.rows for name in row["files"]))

    @property
    def ready(self) -> list[dict[str, Any]]:
        """Rows that make a draft."""
        return [row for row in self.rows if not row["stops"]]

    @property
    def made(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row["key"]]
