"""The review step of the moderation workflow: reason codes, and the decision told to the poster."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from cms.forms import RefuseForm, ReturnForm
from marketplace.core.errors import DomainError
from marketplace.listings.models import Listing, ReviewDecision
from marketplace.listings.services import record_review


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

    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "quality_standard"]
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

    def get_actions(self, obj: Any, user: AbstractBaseUser) -> list[tuple[str, str, bool]]:
        if not super().get_actions(obj, user):
            return []
        return [
            ("reject", _("Trả lại để chỉnh sửa"), True),
            ("refuse", _("Từ chối"), True),
            ("approve", _("Duyệt"), False),
            ("approve", _("Duyệt kèm ghi chú"), True),
        ]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return {"reject": ReturnForm, "refuse": RefuseForm}.get(
            action, super().get_form_for_action(action)
        )


    @transaction.atomic
    def on_action(
        self, task_state: TaskState, user: Any, action_name: str, **cleaned: Any
    ) -> None:
        listing: Listing = task_state.workflow_state.content_object
        if action_name in ("reject", "refuse"):
            self._turn_down(task_state, listing, user, action_name, cleaned)
            return
        last = task_state.workflow_state.get_next_task() is None
        task_state.approve(user=user, comment=cleaned.get("comment", ""))
        record_review(
            listing,
            decision=(
                ReviewDecision.Decision.PUBLISHED if last else ReviewDecision.Decision.APPROVED
            ),
            step=self.name,
            reason_codes=[],
            note=cleaned.get("comment", ""),
            by=user,
            revision=task_state.revision,
        )

    def _turn_down(
        self, state: TaskState, listing: Listing, user: Any, action: str, cleaned: dict[str, Any]
    ) -> None:
        reasons = list(cleaned.get("reasons") or [])
        note = cleaned["comment"]
        if action == "reject":
            state.reject(user=user, comment=note)
            decision = ReviewDecision.Decision.RETURNED
        else:
            if state.status != TaskState.STATUS_IN_PROGRESS:
                raise DomainError(_("Bài này không còn chờ duyệt."))
            state.comment = note
            state.save(update_fields=["comment"])
            state.workflow_state.cancel(user=user)
            decision = ReviewDecision.Decision.REJECTED
        record_review(
            listing,
            decision=decision,
            step=self.name,
            reason_codes=[reason.code for reason in reasons],
            note=note,
            by=user,
            revision=state.revision,
        )
