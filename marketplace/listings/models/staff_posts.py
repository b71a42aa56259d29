"""What staff write for a firm from a call or a visit: whose word it rests on, and what the firm answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Organization
from marketplace.accounts.scopes import scope_of
from marketplace.core import clock
from marketplace.core.editions import in_force, read_editions
from marketplace.core.models import StagedQuerySet, Versioned
from marketplace.core.transitions import Table

if TYPE_CHECKING:
    from marketplace.listings.models.listing import Listing

_FILE: Final = Path(__file__).parent.parent / "data" / "staff_posts.toml"


@dataclass(frozen=True, slots=True)
class StaffPostTerms:
    valid_from: date
    status: str
    source: str
    link_days: int
    consent_days: int


@cache
def _editions() -> tuple[StaffPostTerms, ...]:
    return read_editions(_FILE, lambda row: StaffPostTerms(**row))


def staff_post_terms() -> StaffPostTerms:
    """The edition in force today; before the first, the first."""
    return in_force(_editions(), clock.today())


class StaffPostState(models.TextChoices):
    WRITING = "writing", pgettext_lazy("đăng hộ", "Đang soạn")
    ASKED = "asked", pgettext_lazy("đăng hộ", "Chờ doanh nghiệp xác nhận")
    CONFIRMED = "confirmed", pgettext_lazy("đăng hộ", "Doanh nghiệp đã xác nhận")
    REJECTED = "rejected", pgettext_lazy("đăng hộ", "Doanh nghiệp không đồng ý")
    STOPPED = "stopped", pgettext_lazy("đăng hộ", "Đã thôi")


#: What the firm has confirmed and is then changed is confirmed anew.
STAFF_POST_TRANSITIONS: Table = {
    StaffPostState.WRITING: frozenset(
        {StaffPostState.ASKED, StaffPostState.CONFIRMED, StaffPostState.STOPPED}
    ),
    StaffPostState.ASKED: frozenset(
        {
            StaffPostState.WRITING, StaffPostState.CONFIRMED, StaffPostState.REJECTED,
            StaffPostState.STOPPED,
        }
    ),
    StaffPostState.REJECTED: frozenset(
        {StaffPostState.WRITING, StaffPostState.CONFIRMED, StaffPostState.STOPPED}
    ),
    StaffPostState.CONFIRMED: frozenset({StaffPostState.WRITING}),
}  # fmt: skip


class StaffPostQuerySet(StagedQuerySet):
    def curated_by(self, user: Any, right: str = "view") -> Self:
        """Those on which a person of the staff holds a right: all, or those of their provinces."""
        scope = scope_of(user, f"listings.{right}_staffpost")
        if scope.everywhere:
            return self.all()
        return self.filter(organization__province_code__in=scope.provinces)

    def of(self, listing: Listing) -> Self:
        return self.filter(kind=listing.KIND, key=listing.public_id)

    def unconfirmed(self) -> Self:
        """What the firm has not said yes to: nobody else may read it."""
        return self.exclude(state=StaffPostState.CONFIRMED)

    def running(self) -> Self:
        """What still wants somebody of the staff."""
        return self.exclude(state__in=[StaffPostState.CONFIRMED, StaffPostState.STOPPED])

    def in_order_of_work(self) -> Self:
        return self.order_by(
            models.Case(
                models.When(state=StaffPostState.REJECTED, then=0),
                models.When(state=StaffPostState.WRITING, then=1),
                models.When(state=StaffPostState.ASKED, then=2),
                default=3,
            ),
            "-created_at",
            "-pk",
        )


class StaffPost(Versioned):
    """One listing that staff wrote for a firm, with the consent it rests on."""

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
        models.PROTECT,
        related_name="+",
        verbose_name=_("cán bộ đăng hộ"),
    )
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=StaffPostState, default=StaffPostState.WRITING
    )
    #: A code of the vocabulary "consent-ways".
    way = models.CharField(_("cách đồng ý"), max_length=20)
    agreed_on = models.DateField(_("ngày đồng ý"))
    agreed_by = models.CharField(_("người đồng ý"), max_length=120, blank=True)
    agreed_as = models.CharField(_("chức vụ"), max_length=120, blank=True)
    note = models.CharField(_("nội dung đã đồng ý"), max_length=500, blank=True)
    email = models.EmailField(_("email nhận thư xác nhận"), blank=True)
    phone = models.CharField(_("điện thoại liên hệ"), max_length=30, blank=True)
    language = models.CharField(max_length=2, default="vi")
    #: What the open link names besides the row; anew with each letter, so that a link is good once.
    serial = models.CharField(max_length=24, blank=True, editable=False)
    #: The revision that the firm was asked about.
    asked_revision = models.PositiveBigIntegerField(null=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    #: What the firm wrote with its answer.
    answer = models.CharField(max_length=500, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = StaffPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("tin đăng hộ")
        verbose_name_plural = _("tin đăng hộ")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="staff_post_once_a_listing"),
            models.CheckConstraint(
                condition=~Q(state="asked")
                | (Q(asked_at__isnull=False, expires_at__isnull=False) & ~Q(serial="")),
                name="staff_post_asked_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.listing or self.key)

    @cached_property
    def listing(self) -> Any:
        """The row; None where it is gone."""
        models_of: dict[str, Any] = {
            model.KIND: model
            for model in apps.get_app_config("listings").get_models()
            if hasattr(model, "KIND")
        }
        rows = models_of[self.kind].objects.select_related("organization")
        return rows.filter(public_id=self.key).first()

    def get_absolute_url(self) -> str:
        return self.listing.owner_url if self.listing is not None else ""

    @property
    def has_open_link(self) -> bool:
        return (
            self.state == StaffPostState.ASKED
            and self.expires_at is not None
            and clock.now() < self.expires_at
        )
