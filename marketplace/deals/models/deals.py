"""A deal: two organisations on their way from an accepted interest to a contract, and their people in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.accounts.models import MANAGING_ROLES, Membership, Organization, User
from marketplace.accounts.scopes import NOWHERE, scope_of
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.core.models import StagedQuerySet, Versioned
from marketplace.core.text import new_public_id
from marketplace.deals.models.expressions import ExpressionOfInterest
from marketplace.deals.states import ENDED_DEALS, DealState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

VIEW, CHANGE = "deals.view_deal", "deals.change_deal"
#: The kind of its case.
CASE: Final = "deal"
BUYER: Final = "buyer"
SELLER: Final = "seller"


class MemberRole(models.TextChoices):
    """What somebody does in a deal for their organisation."""

    LEAD = "lead", pgettext_lazy("person in a deal", "Phụ trách")
    NEGOTIATOR = "negotiator", _("Đàm phán")
    TECHNICAL = "technical", _("Kỹ thuật")
    LEGAL = "legal", _("Pháp lý")
    FINANCE = "finance", _("Tài chính")
    SIGNATORY = "signatory", _("Người ký")
    OBSERVER = "observer", pgettext_lazy("vai trò", "Theo dõi")


EVERYBODY: Final = frozenset(MemberRole)
#: Who writes in the room: all but those who only read.
WRITING: Final = frozenset(set(MemberRole) - {MemberRole.OBSERVER})
#: Who makes and accepts offers of terms, and speaks for the organisation.
NEGOTIATING: Final = frozenset({MemberRole.LEAD, MemberRole.NEGOTIATOR, MemberRole.SIGNATORY})
#: Who binds the organisation. Those who own its account do so too.
SIGNING: Final = frozenset({MemberRole.SIGNATORY})
#: Who asks for money, pays it and confirms that it came.
MONEY: Final = frozenset({MemberRole.LEAD, MemberRole.FINANCE, MemberRole.SIGNATORY})


class DealQuerySet(StagedQuerySet):
    def running(self) -> Self:
        return self.exclude(state__in=ENDED_DEALS)

    def visible_to(self, user: User | AnonymousUser, standing: Standing | None = None) -> Self:
        """Of the people in it, of those who manage one of its organisations, and of the officer who is
        responsible for it: nobody else of the staff, once somebody is."""
        if not user.is_authenticated:
            return self.none()
        standing = standing or Standing(user)
        return self.filter(standing.acts(EVERYBODY) | _responsible(user, VIEW))

    def acted_on_by(
        self,
        user: User | AnonymousUser,
        roles: frozenset[MemberRole],
        standing: Standing | None = None,
    ) -> Self:
        """Those in which the person has one of these roles, on either side; who manages the organisation
        has all of them but that of a signatory, which is an owner's."""
        if not user.is_authenticated:
            return self.none()
        return self.filter((standing or Standing(user)).acts(roles))

    def bought_by(self, user: User | AnonymousUser, roles: frozenset[MemberRole]) -> Self:
        """Those in which the person has one of these roles for the buyer."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Standing(user).acts_for(BUYER, roles))

    def sold_by(self, user: User | AnonymousUser, roles: frozenset[MemberRole]) -> Self:
        """Those in which the person has one of these roles for the seller."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Standing(user).acts_for(SELLER, roles))

    def written_by(self, user: User | AnonymousUser) -> Self:
        return self.acted_on_by(user, WRITING)

    def curated_by(self, user: User | AnonymousUser, right: str = CHANGE) -> Self:
        return self.filter(_responsible(user, right)) if user.is_authenticated else self.none()

    def with_sides(self) -> Self:
        return self.select_related("buyer", "seller", "origin")

    def in_order_of_work(self) -> Self:
        """What runs first, the newest before."""
        ended = models.Case(models.When(state__in=ENDED_DEALS, then=1), default=0)
        return self.order_by(ended, "-opened_at", "-pk")


class Standing:
    """What a person is in organisations and in deals, asked of the database once.

    With it the question for which side somebody acts is a short one: written into one statement with
    everything it depends on, it took longer to build and to plan than any page's own rows.
    """

    def __init__(self, user: Any) -> None:
        self.person = user.pk
        mine = Membership.objects.filter(user=user)
        self.ranks = dict(mine.values_list("organization_id", "role"))
        seats = DealMember.objects.filter(user=user, left_at=None)
        self.seats = {
            deal: (organization, role)
            for deal, organization, role in seats.values_list("deal", "organization", "role")
        }

    def acts(self, roles: frozenset[MemberRole]) -> Q:
        return self.acts_for(BUYER, roles) | self.acts_for(SELLER, roles)

    def acts_for(self, side: str, roles: frozenset[MemberRole]) -> Q:
        """In a deal for one side, and still in that organisation: `is_for`, for the database.

        Managers of a side need no seat. Who manages both, or sits on the other side, is not on this one
        without a seat: nobody bargains with themselves.
        """
        held = self._ranked(_able(roles))
        found = (
            Q(**{f"{side}__in": held})
            & ~Q(**{f"{_OTHER[side]}__in": self._ranked(MANAGING_ROLES)})
            & ~Q(pk__in=list(self.seats))
        )
        for organization in self.ranks:
            here = [
                deal
                for deal, (seat_of, role) in self.seats.items()
                if seat_of == organization and (role in roles or organization in held)
            ]
            if here:
                found |= Q(**{side: organization, "pk__in": here})
        return found

    def is_for(self, side: str, deal: Deal, roles: frozenset[MemberRole]) -> bool:
        organizations = {BUYER: deal.buyer_id, SELLER: deal.seller_id}
        rank = self.ranks.get(organizations[side])
        if rank is None:
            return False
        seat = self.seats.get(deal.pk)
        if seat is None:
            other = self.ranks.get(organizations[_OTHER[side]])
            return rank in _able(roles) and other not in MANAGING_ROLES
        return seat[0] == organizations[side] and (seat[1] in roles or rank in _able(roles))

    def _ranked(self, roles: Collection[str]) -> list[int]:
        return [organization for organization, role in self.ranks.items() if role in roles]


_OTHER: Final = {BUYER: SELLER, SELLER: BUYER}


def _able(roles: frozenset[MemberRole]) -> Collection[str]:
    """Who may do it by their rank: a signatory's part is an owner's."""
    return MANAGING_ROLES if roles - SIGNING else (Membership.Role.OWNER,)


def _responsible(user: Any, right: str) -> Q:
    scope = scope_of(user, right)
    if scope == NOWHERE:
        return Q(pk__in=())
    if scope.everywhere:
        within = Q(pk__isnull=False)
    else:
        within = Q(buyer__province_code__in=scope.provinces) | Q(
            seller__province_code__in=scope.provinces
        )
    others = Case.objects.filter(kind=CASE, officer__isnull=False).exclude(officer=user.pk)
    return within & ~Q(public_id__in=others.values("subject"))


class Deal(Versioned):
    """Two organisations that want something of each other: who pays is the buyer, whatever it is called."""

    title = models.CharField(_("tên"), max_length=500)
    #: A code of the vocabulary "deal-kinds"; it says which steps there are.
    kind = models.CharField(_("loại giao dịch"), max_length=40)
    origin = models.OneToOneField(ExpressionOfInterest, models.PROTECT, related_name="deal")
    buyer = models.ForeignKey(
        Organization, models.PROTECT, related_name="deals_bought", verbose_name=_("bên nhận")
    )
    seller = models.ForeignKey(
        Organization, models.PROTECT, related_name="deals_sold", verbose_name=_("bên giao")
    )
    state = models.CharField(max_length=10, choices=DealState, default=DealState.TALKING)
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    #: A code of the vocabulary "termination-reasons", and words that both sides read.
    end_reason = models.CharField(_("lý do dừng"), max_length=40, blank=True)
    end_note = models.CharField(_("lời nhắn khi dừng"), max_length=500, blank=True)

    objects = DealQuerySet.as_manager()

    class Meta:
        verbose_name = _("giao dịch")
        verbose_name_plural = _("giao dịch")
        ordering: ClassVar = ["-opened_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(buyer=F("seller")), name="deal_between_two"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED_DEALS, ended_at__isnull=False)
                | (~Q(state__in=ENDED_DEALS) & Q(ended_at=None)),
                name="deal_ended_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(state="terminated") & ~Q(end_reason=""))
                | (~Q(state="terminated") & Q(end_reason="", end_note="")),
                name="deal_terminated_says_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "opened_at"], name="deal_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("deals:deal", args=[self.public_id])

    @property
    def is_running(self) -> bool:
        return self.state not in ENDED_DEALS

    @property
    def opened_on(self) -> date:
        return self.opened_at.astimezone(clock.VIETNAM).date()

    @property
    def discloser(self) -> Organization:
        """Whose confidential parts they are: the owner of what the interest was about."""
        return self.buyer if self.origin.receiver_id == self.buyer_id else self.seller

    def side_of(self, user: User) -> Organization | None:
        """For which side the person is here; nobody's for staff."""
        standing: Standing | None = self.__dict__.get("standing")
        if standing is None or standing.person != user.pk:
            standing = Standing(user)
        for side in (BUYER, SELLER):
            if standing.is_for(side, self, EVERYBODY):
                return self.buyer if side == BUYER else self.seller
        return None

    def organization(self, pk: int) -> Organization:
        """The side of this key."""
        return self.buyer if pk == self.buyer_id else self.seller

    def other(self, organization: Organization) -> Organization:
        """The other side; of neither of them the buyer."""
        return self.seller if organization.pk == self.buyer_id else self.buyer


class DealMember(models.Model):
    """A person of one side in a deal. Leaving the organisation ends it too: it is asked each time."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="members")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="deal_seats")
    role = models.CharField(_("vai trò"), max_length=12, choices=MemberRole)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("người tham gia giao dịch")
        verbose_name_plural = _("người tham gia giao dịch")
        ordering: ClassVar = ["added_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "user"], condition=Q(left_at=None), name="deal_seat_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
