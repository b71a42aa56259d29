"""The review step of the moderation workflow; the site's pages are in `cms.pages`."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from cms import services
from cms.notices import tell_reviewers
from cms.pages.former import FormerAddress
from cms.pages.models import PAGE_TYPES, ContentPage, PageEntry
from cms.pages.reading import PageFigures, PageVisit, StarVote
from cms.pages.types.form import FormAnswer
from cms.publications.models import IssueSending, SentIssue, SignOffTask, Subscription
from cms.rights import is_own
from cms.sites.models import SiteLook
from marketplace.core import clock
from marketplace.core.text import new_public_id
from marketplace.listings.models import Listing

__all__ = [
    "PAGE_TYPES", "BulkRun", "ContentPage", "FormAnswer", "FormerAddress", "HandedOut", "IssueSending", "PageEntry",
    "PageFigures", "PageVisit", "ReviewTask", "SentIssue", "SignOffTask", "SiteLook", "StandardEdition", "StarVote",
    "Subscription",
]  # fmt: skip


class HandedOut(models.Model):
    """A right that a group has been given by the set-up: given once, and not again where it was taken."""

    group = models.ForeignKey("auth.Group", models.CASCADE, related_name="+")
    permission = models.ForeignKey("auth.Permission", models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group", "permission"], name="right_handed_out_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.permission_id}"


class ReviewTask(AbstractGroupApprovalTask):
    """A step of the workflow. How many there are, and by which groups, is data.

    Approving the last step publishes; returning names reason codes and a text for the poster;
    refusing ends the workflow. What was decided is written with the decision, for the poster to read.
    """

    quality_standard = models.TextField(
        _("tiêu chuẩn chất lượng"),
        blank=True,
        help_text=_("Mỗi dòng một điều cần kiểm tra; hiện bên cạnh bài gửi khi duyệt."),
    )

    four_eyes = models.BooleanField(
        _("cần người khác"),
        default=True,
        help_text=_("Ai đã duyệt một bước trước của cùng bản gửi thì không duyệt bước này."),
    )

    admin_form_fields = [
        *AbstractGroupApprovalTask.admin_form_fields,
        "four_eyes",
        "quality_standard",
    ]
    admin_form_widgets = {
        **AbstractGroupApprovalTask.admin_form_widgets,
        "quality_standard": forms.Textarea(attrs={"rows": 8}),
    }

    class Meta:
        verbose_name = _("bước duyệt tin đăng")
        verbose_name_plural = _("bước duyệt tin đăng")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Cán bộ của các nhóm được chọn duyệt, trả lại kèm lý do hoặc từ chối."))

    @property
    def checks(self) -> list[str]:
        return [line.strip() for line in self.quality_standard.splitlines() if line.strip()]

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.current_edition()

    def current_edition(self) -> "StandardEdition":
        """The edition that says what the step says now; made where its words were changed."""
        last = self.editions.order_by("-number").first()
        if last is not None and last.text == self.quality_standard:
            return last
        number = last.number + 1 if last is not None else 1
        made, _new = StandardEdition.objects.get_or_create(
            task=self,
            number=number,
            defaults={"text": self.quality_standard, "valid_from": clock.today()},
        )
        return made

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """Begins the step, or an earlier one that has not passed this revision yet.

        Wagtail resumes where changes were asked for. A submission returned by the last step and then
        edited would pass that step first and be published by the first one.
        """
        due = workflow_state.get_next_task()
        if due is not None and due.pk != self.pk:
            return due.specific.start(workflow_state, user=user)
        state = super().start(workflow_state, user=user)
        tell_reviewers(
            workflow_state.content_object,
            task_state_id=state.pk,
            step=self.name,
            groups=self.groups.all(),
            by=user,
        )
        return state

    def get_actions(self, obj: Listing, user: Any) -> list[tuple[str, Any, bool]]:
        if not super().get_actions(obj, user) or is_own(obj, user):
            return []
        actions = [
            ("reject", _("Trả lại để chỉnh sửa"), True),
            ("refuse", _("Từ chối"), True),
        ]
        if not self.needs_another(obj.current_workflow_task_state, user):
            actions.append(("approve", _("Duyệt"), True))
        return actions

    def needs_another(self, state: TaskState | None, user: Any) -> bool:
        """Whether the person has approved an earlier step of what waits here."""
        return (
            self.four_eyes
            and state is not None
            and TaskState.objects.filter(
                workflow_state=state.workflow_state_id,
                revision=state.revision_id,
                status=TaskState.STATUS_APPROVED,
                finished_by=user,
            ).exists()
        )

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **cleaned: Any) -> None:
        if action_name == "approve":
            services.approve(task_state, by=user, note=cleaned.get("text", ""))
        elif action_name == "reject":
            services.return_for_changes(
                task_state,
                by=user,
                reasons=cleaned.get("reasons", ()),
                text=cleaned.get("text", ""),
            )
        elif action_name == "refuse":
            services.refuse(task_state, by=user, text=cleaned.get("text", ""))


class StandardEdition(models.Model):
    """The quality standard of a step as it was from a day on; a decision names the edition it went by."""

    task = models.ForeignKey(ReviewTask, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    valid_from = models.DateField()

    class Meta:
        verbose_name = _("bản tiêu chuẩn của bước duyệt")
        verbose_name_plural = _("bản tiêu chuẩn của bước duyệt")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "number"], name="edition_of_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}/{self.number}"


class BulkRun(models.Model):
    """What somebody decided for several submissions at once, and what came of each."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    action = models.CharField(max_length=12)
    #: Each: kind, key, title, done, message, decision; and undone, where the run was taken back.
    rows = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("lần duyệt nhiều bài")
        verbose_name_plural = _("lần duyệt nhiều bài")

    def __str__(self) -> str:
        return f"{self.action} {self.public_id}"
