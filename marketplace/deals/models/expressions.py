"""One organisation tells another that it wants to talk about a need, a result or an offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership, Organization, User
from marketplace.accounts.scopes import scope_of
from marketplace.accounts.supply import supply_kinds
from marketplace.core import clock
from marketplace.core.models import StagedQuerySet, Versioned
from marketplace.deals.states import ExpressionState
from marketplace.listings.models import Need
from marketplace.mandates.models import Scope, brokers_of, firms_acted_for
from marketplace.matching.models import Match

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

VIEW, CHANGE = "deals.view_expressionofinterest", "deals.change_expressionofinterest"


class ExpressionQuerySet(StagedQuerySet):
    def waiting(self) -> Self:
        return self.filter(state=ExpressionState.SENT)

    def curated_by(self, user: User | AnonymousUser, right: str = VIEW) -> Self:
        """Those on which a person of the staff holds a right: all, or those of their provinces."""
        return self.filter(_curated(user, right))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of both organisations' people, in any role, and of staff."""
        if not user.is_authenticated:
            return self.none()
        mine = Organization.objects.filter(memberships__user=user).values("pk")
        sides = Q(asker__in=mine) | Q(receiver__in=mine)
        through = _posted_through(user) | _asked_through(user)
        return self.filter(sides | through | _curated(user, VIEW))

    def answerable_by(self, user: User | AnonymousUser) -> Self:
        """Who writes for the organisation that was asked, or posted the need for it as its broker."""
        return self.filter(Q(receiver__in=_written_for(user)) | _posted_through(user))

    def withdrawable_by(self, user: User | AnonymousUser) -> Self:
        return self.filter(Q(asker__in=_written_for(user)) | _asked_through(user))

    def sent_for(self, user: User | AnonymousUser) -> Self:
        """Of the person's organisations, and of firms for which their brokers asked."""
        if not user.is_authenticated:
            return self.none()
        mine = Organization.objects.filter(memberships__user=user).values("pk")
        return self.filter(Q(asker__in=mine) | _asked_through(user))

    def to_be_stepped(self) -> Self:
        """Those whose clock has something to do by today."""
        return self.waiting().filter(step_on__lte=clock.today())

    def in_order_of_work(self) -> Self:
        """What waits first, by its last day."""
        waits = models.Case(models.When(state=ExpressionState.SENT, then=0), default=1)
        return self.order_by(waits, "due_on", "-sent_at", "-pk")

    def with_sides(self) -> Self:
        return self.select_related("asker", "receiver", "sent_by")


def _curated(user: User | AnonymousUser, right: str) -> Q:
    scope = scope_of(user, right)
    everywhere = Q(pk__isnull=False)
    return everywhere if scope.everywhere else Q(receiver__province_code__in=scope.provinces)


def _posted_through(user: User | AnonymousUser) -> Q:
    """About needs that the person's brokers posted for a firm, while the firm's consent holds."""
    posted = Need.objects.posted_through(user).values("pk")
    return Q(kind=Need.KIND, subject_id__in=posted)


def _asked_through(user: User | AnonymousUser) -> Q:
    """Sent by the person's brokers for a firm, while the firm's consent to that holds."""
    if not user.is_authenticated:
        return Q(pk__in=())
    colleagues = Membership.objects.filter(organization__in=brokers_of(user)).values("user")
    return Q(asker__in=firms_acted_for(user, Scope.CONNECT).values("pk"), sent_by__in=colleagues)


def _written_for(user: User | AnonymousUser) -> Any:
    """Organisations in whose name the person writes."""
    if not user.is_authenticated:
        return Organization.objects.none().values("pk")
    acting = Membership.objects.filter(user=user, role__in=Membership.EDITING_ROLES)
    return acting.values("organization")


class ExpressionOfInterest(Versioned):
    """An organisation wants to talk about a row of another, and the other's answer.

    The row may be a need or any kind of supply, so it is named by kind and primary key, as in a match.
    """

    UNVERSIONED_FIELDS: ClassVar[frozenset[str]] = frozenset({"step_on"})

    kind = models.CharField(max_length=20)
    subject_id = models.PositiveBigIntegerField()
    #: As it was when this was sent.
    title = models.CharField(_("tên"), max_length=500)
    match = models.ForeignKey(Match, models.SET_NULL, null=True, blank=True, related_name="+")
    asker = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="expressions_sent",
        verbose_name=_("bên đề nghị"),
    )
    receiver = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="expressions_received",
        verbose_name=_("bên được đề nghị"),
    )
    #: The row hid its owner: the asker reads the name once the owner has accepted.
    hides_receiver = models.BooleanField(default=False)
    why = models.TextField(_("vì sao quan tâm"))
    #: A code of the vocabulary "connection-wants".
    wants = models.CharField(_("mong muốn"), max_length=40)
    wanted_by = models.DateField(_("cần trước ngày"), null=True, blank=True)
    sent_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    #: Of the staff, who brought the two together: then nobody of the asker has sent it.
    introduced_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    state = models.CharField(max_length=10, choices=ExpressionState, default=ExpressionState.SENT)
    #: The day after which the days for an answer are counted; staff who mediate start it anew.
    clock_from = models.DateField()
    due_on = models.DateField(_("hạn trả lời"))
    #: When the clock has its next step to do; none after the last.
    step_on = models.DateField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    #: A code of the vocabulary "decline-reasons", and words; the asker reads both.
    decline_reason = models.CharField(_("lý do từ chối"), max_length=40, blank=True)
    decline_note = models.CharField(_("lời nhắn khi từ chối"), max_length=500, blank=True)
    #: What staff said to both sides last.
    staff_note = models.CharField(_("lời nhắn của cán bộ sàn"), max_length=500, blank=True)

    objects = ExpressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị kết nối")
        verbose_name_plural = _("đề nghị kết nối")
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["asker", "kind", "subject_id"],
                condition=Q(state="sent"),
                name="expression_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(asker=F("receiver")), name="expression_between_two"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", ended_at=None)
                | (~Q(state="sent") & Q(ended_at__isnull=False)),
                name="expression_ended_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(state="declined") & ~Q(decline_reason=""))
                | (~Q(state="declined") & Q(decline_reason="", decline_note="")),
                name="expression_declined_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["step_on"], condition=Q(state="sent"), name="expression_clock"),
            models.Index(fields=["receiver", "state", "due_on"], name="expression_answers"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("deals:expression", args=[self.public_id])

    @property
    def is_waiting(self) -> bool:
        return self.state == ExpressionState.SENT

    @property
    def is_late(self) -> bool:
        return self.is_waiting and self.due_on < clock.today()

    @property
    def receiver_is_named(self) -> bool:
        """Whether the asker may read who the receiver is."""
        return not self.hides_receiver or self.state == ExpressionState.ACCEPTED

    @cached_property
    def subject(self) -> Any:
        """The row it is about, whatever became of it; None where it is gone."""
        if self.kind == Need.KIND:
            return Need.objects.filter(pk=self.subject_id).first()
        kind = supply_kinds().get(self.kind)
        return kind.all_rows().filter(pk=self.subject_id).first() if kind else None
