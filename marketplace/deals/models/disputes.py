"""A dispute about a deal: what one side asks, what the other answers, what staff did, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.deals.models.deals import CHANGE, Deal
from marketplace.deals.models.milestones import Milestone
from marketplace.deals.models.rooms import DealFileVersion
from marketplace.deals.states import ENDED_DISPUTES, DisputeState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class DisputeQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.exclude(state__in=ENDED_DISPUTES)

    def about(self, milestone: Any) -> Self:
        """Of a milestone, or of the whole deal to which it belongs; takes an `OuterRef` too."""
        return self.filter(Q(milestone=milestone) | Q(milestone=None, deal__milestones=milestone))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(deal__in=Deal.objects.visible_to(user).values("pk"))

    def curated_by(self, user: User | AnonymousUser, right: str = CHANGE) -> Self:
        return self.filter(deal__in=Deal.objects.curated_by(user, right).values("pk"))

    def to_be_stepped(self) -> Self:
        """What the clock reminds of, or calls staff for."""
        return self.filter(step_on__lte=clock.today())

    def with_all(self) -> Self:
        return self.select_related("deal__buyer", "deal__seller", "milestone", "organization")

    def in_order_of_work(self) -> Self:
        return self.order_by("due_on", "pk")


class Dispute(models.Model):
    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="disputes")
    #: What it is about; the whole deal where none is named.
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    #: The side that asks.
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    #: A code of the vocabulary "dispute-reasons".
    reason = models.CharField(_("lý do"), max_length=40)
    wanted = models.CharField(_("điều yêu cầu"), max_length=1000)
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    #: The day by which the other side answers, then that by which staff have brought both together.
    due_on = models.DateField()
    #: When the clock looks at it next.
    step_on = models.DateField(null=True, blank=True)
    #: A code of the vocabulary "dispute-outcomes", and what both sides read of it.
    outcome = models.CharField(_("kết quả"), max_length=40, blank=True)
    outcome_note = models.CharField(_("căn cứ"), max_length=2000, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("giao dịch", "khiếu nại")
        verbose_name_plural = pgettext_lazy("giao dịch", "khiếu nại")
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ENDED_DISPUTES, ended_at__isnull=False)
                | (~Q(state__in=ENDED_DISPUTES) & Q(ended_at=None)),
                name="dispute_ended_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(state="settled") & ~Q(outcome=""))
                | (~Q(state="settled") & Q(outcome="")),
                name="dispute_settled_says_how",
            ),
            models.UniqueConstraint(
                fields=["deal", "organization"],
                condition=~Q(state__in=ENDED_DISPUTES),
                name="dispute_open_once_a_side",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["step_on"], condition=Q(step_on__isnull=False), name="dispute_clock"
            ),
            models.Index(fields=["state", "due_on"], name="dispute_in_order_of_work"),
        ]

    def __str__(self) -> str:
        return f"{self.deal} · {self.key}"

    def get_absolute_url(self) -> str:
        return f"{self.deal.get_absolute_url()}khieu-nai/#khieu-nai-{self.key}"

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED_DISPUTES

    @property
    def waits_for_answer(self) -> bool:
        return self.state in (DisputeState.OPEN, DisputeState.OVERDUE)

    @property
    def is_late(self) -> bool:
        """Nobody has done in time what was to be done."""
        return self.is_open and self.due_on < clock.today()

    @property
    def other(self) -> Organization:
        """The side that is asked."""
        return self.deal.other(self.organization)


class EntryKind(models.TextChoices):
    OPENED = "opened", pgettext_lazy("khiếu nại", "Nêu khiếu nại")
    ANSWERED = "answered", pgettext_lazy("khiếu nại", "Trả lời")
    ADDED = "added", pgettext_lazy("khiếu nại", "Nói thêm")
    MEDIATED = "mediated", pgettext_lazy("khiếu nại", "Cán bộ sàn hòa giải")
    OVERDUE = "overdue", pgettext_lazy("khiếu nại", "Quá hạn trả lời, cán bộ sàn được báo")
    SETTLED = "settled", pgettext_lazy("khiếu nại", "Kết quả")
    WITHDRAWN = "withdrawn", pgettext_lazy("khiếu nại", "Rút lại")


class DisputeEntry(models.Model):
    """One line of what happened; both sides and staff read it, nobody changes it."""

    dispute = models.ForeignKey(Dispute, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    #: The side that speaks; nobody's for staff and the clock.
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    text = models.TextField(_("nội dung"), blank=True)
    #: In the room of the deal, where both sides have it.
    file = models.ForeignKey(
        DealFileVersion, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("diễn biến khiếu nại")
        verbose_name_plural = _("diễn biến khiếu nại")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
