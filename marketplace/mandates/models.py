"""Who acts for a firm with its recorded consent: a broker, in a scope, until a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership, Organization, OrganizationKind, User
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.core.transitions import Table

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

#: Kinds of organisation that may act for others.
BROKER_KINDS = frozenset({OrganizationKind.INTERMEDIARY})


class MandateState(models.TextChoices):
    ASKED = "asked", _("Chờ doanh nghiệp đồng ý")
    ACTIVE = "active", _("Đang ủy quyền")
    DECLINED = "declined", _("Doanh nghiệp từ chối")
    WITHDRAWN = "withdrawn", _("Doanh nghiệp đã rút")
    ENDED = "ended", _("Bên môi giới đã thôi")
    EXPIRED = "expired", _("Đã hết hạn")


#: A mandate that is over stays over: consent is asked for anew.
MANDATE_TRANSITIONS: Table = {
    MandateState.ASKED: frozenset({MandateState.ACTIVE, MandateState.DECLINED, MandateState.ENDED}),
    MandateState.ACTIVE: frozenset(
        {MandateState.WITHDRAWN, MandateState.ENDED, MandateState.EXPIRED}
    ),
}


class Scope(models.TextChoices):
    """What a mandate may allow; the names of its fields."""

    POST = "may_post", _("Đăng nhu cầu thay doanh nghiệp")
    MATCHES = "may_read_matches", _("Đọc gợi ý cho các nhu cầu của doanh nghiệp")
    CONNECT = "may_connect", _("Gửi đề nghị kết nối thay doanh nghiệp, từ một gợi ý")


class MandateQuerySet(models.QuerySet["Mandate"]):
    def in_force(self) -> Self:
        """Asked of the clock too: a mandate ends on its day, whenever the tick comes by."""
        return self.filter(state=MandateState.ACTIVE, expires_at__gt=clock.now())

    def due_to_expire(self) -> Self:
        return self.filter(state=MandateState.ACTIVE, expires_at__lte=clock.now())

    def allowing(self, scope: Scope) -> Self:
        return self.in_force().filter(**{scope.value: True})

    def held_by(self, user: User | AnonymousUser) -> Self:
        """Those of the brokers for which the person works."""
        return self.filter(broker__in=brokers_of(user))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Both sides' people; of the firm those who manage it."""
        if not user.is_authenticated:
            return self.none()
        managed = Organization.objects.managed_by(user)
        return self.filter(Q(broker__in=brokers_of(user)) | Q(firm__in=managed))


class Mandate(models.Model):
    """A firm lets a broker act for it. Asked for by the broker, confirmed by an owner of the firm."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    broker = models.ForeignKey(
        Organization, models.PROTECT, related_name="mandates_held", verbose_name=_("bên môi giới")
    )
    firm = models.ForeignKey(
        Organization, models.PROTECT, related_name="mandates_given", verbose_name=_("doanh nghiệp")
    )
    may_post = models.BooleanField(Scope.POST.label, default=True)
    may_read_matches = models.BooleanField(Scope.MATCHES.label, default=True)
    #: Nobody who agreed before it could be asked for has given it.
    may_connect = models.BooleanField(Scope.CONNECT.label, default=False)
    note = models.CharField(_("lời nhắn"), max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=MandateState, default=MandateState.ASKED)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("ủy quyền môi giới")
        verbose_name_plural = _("ủy quyền môi giới")
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["broker", "firm"],
                condition=Q(state__in=["asked", "active"]),
                name="one_open_mandate",
            ),
            models.CheckConstraint(condition=~Q(broker=F("firm")), name="mandate_of_another"),
            models.CheckConstraint(
                condition=~Q(state="active")
                | Q(confirmed_at__isnull=False, expires_at__isnull=False),
                name="mandate_in_force_was_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.broker} → {self.firm}"

    @property
    def is_in_force(self) -> bool:
        return (
            self.state == MandateState.ACTIVE
            and self.expires_at is not None
            and self.expires_at > clock.now()
        )

    @property
    def scopes(self) -> list[Scope]:
        return [scope for scope in Scope if getattr(self, scope.value)]


def brokers_of(user: User | AnonymousUser) -> QuerySet[Organization]:
    """Brokers for which the person writes. A viewer of a broker acts for nobody else."""
    if not user.is_authenticated:
        return Organization.objects.none()
    return Organization.objects.filter(
        kind__in=BROKER_KINDS,
        memberships__user=user,
        memberships__role__in=Membership.EDITING_ROLES,
    )


def firms_acted_for(user: User | AnonymousUser, scope: Scope) -> QuerySet[Organization]:
    """Firms that let the person's brokers do this now."""
    mandates = Mandate.objects.allowing(scope).held_by(user)
    return Organization.objects.filter(pk__in=mandates.values("firm"))


def acted_for(user: User | AnonymousUser, scope: Scope, *, firm: str, broker: str) -> Exists:
    """The condition that a row's broker may do this for the row's firm now, through the person.

    Args:
        user: who asks.
        scope: what they want to do.
        firm: the row's field that names the firm.
        broker: the row's field that names the broker.
    """
    mandates = Mandate.objects.allowing(scope).held_by(user)
    return Exists(mandates.filter(firm=OuterRef(firm), broker=OuterRef(broker)))
