"""What is handed over and paid for step by step, as the contract says."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import User
from marketplace.core.models import StagedQuerySet, Versioned
from marketplace.deals.models.deals import MONEY, NEGOTIATING, Deal, MemberRole
from marketplace.deals.states import DealState, MilestoneState, WorkState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class MilestoneQuerySet(StagedQuerySet):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(deal__in=Deal.objects.visible_to(user).values("pk"))

    def payable(self) -> Self:
        """Those that money is due for, or may be asked for."""
        return self.filter(
            deal__state=DealState.CONTRACTED,
            state__in=(MilestoneState.PLANNED, MilestoneState.REQUESTED),
        )

    def bought_by(self, user: User | AnonymousUser, roles: frozenset[MemberRole] = MONEY) -> Self:
        """Those that the person pays for, or accepts, in one of these roles for the buyer."""
        return self.filter(deal__in=Deal.objects.bought_by(user, roles).values("pk"))

    def sold_by(self, user: User | AnonymousUser, roles: frozenset[MemberRole] = MONEY) -> Self:
        """Those for which the person asks for money, or hands over, for the seller."""
        return self.filter(deal__in=Deal.objects.sold_by(user, roles).values("pk"))


#: Who hands work over and accepts it.
WORKING = NEGOTIATING | {MemberRole.TECHNICAL}


class Milestone(Versioned):
    """One step of a contract with its sum, in the currency's smallest unit.

    Its payment and its work are two lifecycles: an advance is paid before anything is handed over.
    """

    deal = models.ForeignKey(Deal, models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField(_("số"))
    title = models.CharField(_("nội dung"), max_length=300)
    #: In the smallest unit of the currency: the dong has none below it, 12.50 USD are 1250.
    amount = models.PositiveBigIntegerField(_("số tiền"))
    currency = models.CharField(_("đồng tiền"), max_length=3, default="VND")
    due_on = models.DateField(_("hạn"), null=True, blank=True)

    state = models.CharField(max_length=10, choices=MilestoneState, default=MilestoneState.PLANNED)
    requested_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    #: What the app that settled it calls its row.
    payment_reference = models.CharField(max_length=64, blank=True)

    work = models.CharField(max_length=10, choices=WorkState, default=WorkState.OPEN)
    delivered_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    #: Why the buyer gave it back last.
    return_note = models.CharField(_("cần bổ sung"), max_length=500, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("mốc thực hiện")
        verbose_name_plural = _("mốc thực hiện")
        ordering: ClassVar = ["deal", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "number"], name="milestone_numbered_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="milestone_has_a_sum"),
            models.CheckConstraint(
                condition=Q(state="paid", paid_at__isnull=False)
                | (~Q(state="paid") & Q(paid_at=None, payment_reference="")),
                name="milestone_paid_says_when",
            ),
            models.CheckConstraint(
                condition=Q(work="accepted", accepted_at__isnull=False)
                | (~Q(work="accepted") & Q(accepted_at=None)),
                name="milestone_accepted_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return f"{self.deal.get_absolute_url()}#moc-{self.number}"

    @property
    def is_done(self) -> bool:
        """Nothing is left to do for it."""
        done = self.state == MilestoneState.PAID and self.work == WorkState.ACCEPTED
        return done or self.state == MilestoneState.CANCELLED
