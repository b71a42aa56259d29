"""Reports and other files of results and tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Membership
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.research.models.choices import Access, AttachmentKind
from marketplace.research.models.records import Withdrawable
from marketplace.research.models.results import Result
from marketplace.research.models.tasks import Task

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User

#: What else lets a person read a file: an approved request for the full text, for one.
Grant = Callable[["User"], Q]
_grants: list[Grant] = []


def register_grant(grant: Grant) -> None:
    """`grant` gives the condition under which a signed-in person may read attachments."""
    if grant not in _grants:
        _grants.append(grant)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def standing(self) -> Self:
        """Without those that staff took out."""
        return self.filter(withdrawn_at=None)

    def listed(self) -> Self:
        """Those whose existence a public record tells of, readable or not."""
        return self.standing().filter(
            Q(result__in=Result.objects.public()) | Q(task__in=Task.objects.public())
        )

    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Open ones of public records; all of an organisation's own to its editors; all to staff
        with the right; and what a grant of another room opens."""
        allowed = Q(access=Access.OPEN) & (
            Q(result__in=Result.objects.public()) | Q(task__in=Task.objects.public())
        )
        if user.is_authenticated:
            if user.has_perm("research.view_attachment"):
                return self.all()
            own = Membership.objects.filter(user=user, role__in=Membership.EDITING_ROLES).values(
                "organization"
            )
            allowed |= Q(result__organization__in=own) | Q(task__organization__in=own)
            for grant in _grants:
                allowed |= grant(user)
        return self.standing().filter(allowed)


class Attachment(Withdrawable):
    """A file of a result or a task; it lies in the private storage and leaves through a view alone."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    result = models.ForeignKey(
        Result, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    task = models.ForeignKey(
        Task, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    kind = models.CharField(_("loại tài liệu"), max_length=20, choices=AttachmentKind)
    title = models.CharField(_("tên tài liệu"), max_length=300)
    file = models.FileField(_("tệp"), storage=private_storage, upload_to=stored_name, blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=200, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("dung lượng"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    pages = models.PositiveIntegerField(_("số trang"), null=True, blank=True)
    access = models.CharField(
        _("mức tiếp cận"), max_length=10, choices=Access, default=Access.ON_REQUEST
    )
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    added_at = models.DateTimeField(_("thêm lúc"), auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("tài liệu")
        verbose_name_plural = _("tài liệu")
        ordering: ClassVar = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result=None) ^ Q(task=None), name="attachment_of_one_record"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("research:attachment", args=[self.public_id])

    @property
    def record(self) -> Any:
        return self.result or self.task
