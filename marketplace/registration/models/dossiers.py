"""The dossier by which a lead organisation registers the results of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.registration.models.focal_points import FocalOfficer, FocalPoint
from marketplace.registration.states import (
    CLOSED_STATES,
    DESK_STATES,
    EDITABLE_STATES,
    RECEIVED_STATES,
    DossierState,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class DossierQuerySet(models.QuerySet["Dossier"]):
    def of_member(self, user: User | AnonymousUser, roles: Any = None) -> Self:
        if not user.is_authenticated:
            return self.none()
        members = Membership.objects.filter(user=user)
        if roles is not None:
            members = members.filter(role__in=roles)
        return self.filter(organization__in=members.values("organization"))

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """For the organisation's side: whoever belongs to the lead organisation."""
        return self.of_member(user)

    def editable_by(self, user: User | AnonymousUser) -> Self:
        return self.of_member(user, Membership.EDITING_ROLES)

    def filed_by(self, user: User | AnonymousUser) -> Self:
        """Who may file, recall and withdraw: those who manage the organisation."""
        return self.of_member(user, Membership.MANAGING_ROLES)

    def at_desk(self, user: User | AnonymousUser) -> Self:
        """What the person's focal points have received; nobody reads another's, the agency reads all."""
        points = FocalPoint.objects.visible_to(user).values("pk")
        return self.filter(focal_point__in=points, state__in=RECEIVED_STATES)

    def decided_by(self, user: User | AnonymousUser) -> Self:
        """What the person decides on: the agency's people read others' dossiers and leave them be."""
        points = FocalPoint.objects.staffed_by(user).values("pk")
        return self.filter(focal_point__in=points, state__in=RECEIVED_STATES)

    def signed_by(self, user: User | AnonymousUser) -> Self:
        """What the person may issue certificates and copies for."""
        if not user.is_authenticated:
            return self.none()
        signing = FocalOfficer.objects.filter(user=user, role=FocalOfficer.Role.SIGNER)
        return self.decided_by(user).filter(focal_point__in=signing.values("focal_point"))

    def waiting_at_desk(self) -> Self:
        return self.filter(state__in=DESK_STATES)

    def waiting_at_organization(self) -> Self:
        return self.filter(state__in=EDITABLE_STATES)

    def open(self) -> Self:
        return self.exclude(state__in=CLOSED_STATES)

    def by_due_day(self) -> Self:
        return self.order_by(models.F("due_on").asc(nulls_last=True), "pk")

    def for_rows(self) -> Self:
        return self.select_related("organization", "focal_point__organization").defer(
            "form", "unread", "sessions"
        )


class Dossier(models.Model):
    """A dossier. `form` holds the values of forms 5 and 8 by field code, as `rules` names them."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    task = models.ForeignKey(
        "research.Task", models.PROTECT, related_name="dossiers", verbose_name=_("nhiệm vụ")
    )
    organization = models.ForeignKey(
        "accounts.Organization",
        models.PROTECT,
        related_name="dossiers",
        verbose_name=_("tổ chức chủ trì"),
    )
    focal_point = models.ForeignKey(
        FocalPoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers",
        verbose_name=_("nơi tiếp nhận"),
    )
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=DossierState, default=DossierState.DRAFT
    )
    #: The day whose editions of the rules hold for it; that of the last submission, once submitted.
    ruled_on = models.DateField(_("theo quy định ngày"))

    title = models.CharField(_("tên nhiệm vụ"), max_length=1000)
    form = models.JSONField(_("nội dung phiếu"), default=dict)
    #: What was typed and cannot be read yet, by step; shown again where it was typed.
    unread = models.JSONField(default=dict, editable=False)
    #: By step, the open form that saved last and how far it was.
    sessions = models.JSONField(default=dict, editable=False)

    # What clocks and queues ask for; taken from the form by `services.drafts`.
    accepted_on = models.DateField(_("ngày nghiệm thu"), null=True, blank=True)
    ip_filed_on = models.DateField(_("ngày nộp đơn sở hữu công nghiệp"), null=True, blank=True)
    restricted_until = models.DateField(_("đề nghị hạn chế đến"), null=True, blank=True)
    #: The day by which whoever it waits for has to act.
    due_on = models.DateField(_("hạn"), null=True, blank=True, db_index=True)
    #: The step of reminding that was told last, with the due day it was about.
    reminded = models.CharField(max_length=40, blank=True, editable=False)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(_("lưu lúc"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True)
    first_submitted_at = models.DateTimeField(_("nộp lần đầu"), null=True, blank=True)
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("hồ sơ đăng ký")
        verbose_name_plural = _("hồ sơ đăng ký")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task"],
                condition=~Q(state__in=sorted(CLOSED_STATES)),
                name="one_open_dossier_a_task",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(focal_point__isnull=False, submitted_at__isnull=False),
                name="dossier_received_by_a_focal_point",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "accepted", "registered", "refused"])
                | Q(decided_at__isnull=False),
                name="dossier_decided_at",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["focal_point", "state", "due_on"], name="dossier_queue"),
            models.Index(fields=["organization", "state"], name="dossier_of_organization"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("registration:dossier", args=[self.public_id])

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES

    @property
    def waits_for_desk(self) -> bool:
        return self.state in DESK_STATES


class DossierFile(models.Model):
    """One file of an item, in the private storage; what is wrong with it is kept beside it."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="files")
    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    item = models.SlugField(_("thành phần"), max_length=40)
    file = models.FileField(storage=private_storage, upload_to=stored_name)
    display_name = models.CharField(_("tên tệp"), max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField(_("dung lượng"))
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(_("số trang"), null=True, blank=True)
    #: Codes of `checks.FAULTS`.
    faults = models.JSONField(_("lỗi"), default=list)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("tệp của hồ sơ")
        verbose_name_plural = _("tệp của hồ sơ")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier", "item", "sha256"], name="dossier_file_once_an_item"
            )
        ]

    def __str__(self) -> str:
        return self.display_name


class DossierEntry(models.Model):
    """A line of the dossier's history as people read it; lines are only ever added."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="log")
    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    #: Whether a focal point's officer did it, rather than the organisation.
    by_desk = models.BooleanField(default=False)
    action = models.CharField(_("việc"), max_length=30)
    state = models.CharField(_("tình trạng sau đó"), max_length=10, choices=DossierState)
    #: [{"code": reason, "item": item or ""}]
    reasons = models.JSONField(_("lý do"), default=list)
    note = models.TextField(_("ghi chú"), blank=True)
    due_on = models.DateField(_("hạn"), null=True, blank=True)

    class Meta:
        verbose_name = _("diễn biến hồ sơ")
        verbose_name_plural = _("diễn biến hồ sơ")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.action
