"""Somebody who fills in a form and would rather be called: by whom, where, when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Organization
from marketplace.core import clock
from marketplace.core.models import StagedQuerySet, Versioned

if TYPE_CHECKING:
    from marketplace.listings.models.listing import Listing

#: After that nobody waits for the call any more.
_RUNS_FOR: Final = timedelta(days=14)


class CallRequestQuerySet(StagedQuerySet):
    def of(self, listing: Listing) -> Self:
        return self.filter(kind=listing.KIND, key=listing.public_id)

    def waiting(self, listing: Listing, user: Any) -> CallRequest | None:
        """The request of this person that waits."""
        rows: Any = self.of(listing).filter(by=user).running()
        found: CallRequest | None = rows.first()
        return found

    def running(self) -> Self:
        """Those that still wait for a call, unless an officer has closed their case."""
        return self.filter(cancelled_at=None, asked_at__gt=clock.now() - _RUNS_FOR)


class CallRequest(Versioned):
    """One listing's people asked to be called about it; asked again, the row is the same."""

    class When(models.TextChoices):
        ANY = "any", pgettext_lazy("giờ gọi", "Lúc nào trong giờ làm việc cũng được")
        MORNING = "morning", pgettext_lazy("giờ gọi", "Buổi sáng")
        AFTERNOON = "afternoon", pgettext_lazy("giờ gọi", "Buổi chiều")

    kind = models.CharField(_("loại"), max_length=12)
    key = models.CharField(max_length=12)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("một tổ chức", "Tổ chức"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="call_requests",
        verbose_name=_("người nhờ gọi lại"),
    )
    phone = models.CharField(_("số điện thoại"), max_length=30, blank=True)
    when = models.CharField(_("gọi lúc nào"), max_length=10, choices=When, default=When.ANY)
    note = models.CharField(_("cần giúp gì"), max_length=300, blank=True)
    #: The step at which it was asked: where somebody got stuck.
    step = models.CharField(_("ở bước"), max_length=40, blank=True)
    asked_at = models.DateTimeField(_("nhờ lúc"))
    cancelled_at = models.DateTimeField(null=True)

    objects = CallRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần nhờ gọi lại")
        verbose_name_plural = _("lần nhờ gọi lại")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "by"],
                condition=models.Q(cancelled_at=None),
                name="call_request_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @cached_property
    def listing(self) -> Any:
        """The row; None where it is gone."""
        models_of: dict[str, Any] = {
            model.KIND: model
            for model in apps.get_app_config("listings").get_models()
            if hasattr(model, "KIND")
        }
        return models_of[self.kind].objects.filter(public_id=self.key).first()

    def get_absolute_url(self) -> str:
        return self.listing.owner_url if self.listing is not None else ""
