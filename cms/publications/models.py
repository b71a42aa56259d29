"""Who receives a series, what was sent of it, and the step of the chain that signs an issue off."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState

from cms.publications.telling import tell_of_return, tell_signers
from marketplace.core.text import new_public_id


class SignOffTask(AbstractGroupApprovalTask):
    """A step of the chain that an issue passes. Whoever sent it in signs no step, nor one person two."""

    class Meta:
        verbose_name = _("bước ký duyệt ấn phẩm")
        verbose_name_plural = _("bước ký duyệt ấn phẩm")

    @classmethod
    def get_description(cls) -> str:
        return str(_("Người của các nhóm được chọn ký duyệt một số của ấn phẩm, hoặc trả lại."))

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        state = super().start(workflow_state, user=user)
        tell_signers(
            workflow_state.content_object,
            task_state_id=state.pk,
            step=self.name,
            groups=self.groups.all(),
            but=workflow_state.requested_by,
        )
        return state

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not super().get_actions(obj, user) or self.has_had_a_hand(obj, user):
            return []
        return [
            ("reject", _("Trả lại để chỉnh sửa"), True),
            ("approve", _("Ký duyệt"), False),
        ]

    def has_had_a_hand(self, obj: Any, user: Any) -> bool:
        """Whether the person sent in what waits, or signed another step of it."""
        state = obj.current_workflow_state
        if state is None or state.requested_by_id == user.pk:
            return True
        signed = state.task_states.filter(status=TaskState.STATUS_APPROVED, finished_by=user)
        return bool(signed.exclude(task=self).exists())

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, **cleaned: Any) -> None:
        super().on_action(task_state, user, action_name, **cleaned)
        if action_name == "reject":
            tell_of_return(task_state, by=user, comment=cleaned.get("comment", ""))


class Subscription(models.Model):
    """An address that a series goes to, once its reader has confirmed it by the link in a mail."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    series = models.ForeignKey("cms.SeriesPage", models.CASCADE, related_name="subscriptions")
    email = models.EmailField()
    #: The address as it is compared: one reader is one row, however the address is written.
    email_key = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("người nhận ấn phẩm")
        verbose_name_plural = _("người nhận ấn phẩm")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "email_key"], name="subscribed_once"),
        ]

    def __str__(self) -> str:
        return self.public_id


class IssueSending(models.Model):
    """That an issue goes out: begun once, when it is published; ended when everybody has a letter."""

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    issue = models.OneToOneField(
        "cms.IssuePage", models.CASCADE, verbose_name=_("số ấn phẩm"), related_name="sending"
    )
    begun_at = models.DateTimeField(_("bắt đầu lúc"))
    finished_at = models.DateTimeField(_("xong lúc"), null=True)

    class Meta:
        verbose_name = _("lần gửi ấn phẩm")
        verbose_name_plural = _("nhật ký gửi ấn phẩm")

    def __str__(self) -> str:
        return str(self.issue)


class SentIssue(models.Model):
    """One letter of a sending: to a subscriber, or to a reader of a restricted issue."""

    sending = models.ForeignKey(IssueSending, models.CASCADE, related_name="letters")
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, related_name="letters"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    delivery = models.ForeignKey(
        "notifications.Delivery", models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sending", "subscription"], name="issue_sent_once_to_subscriber"
            ),
            models.UniqueConstraint(fields=["sending", "reader"], name="issue_sent_once_to_reader"),
            models.CheckConstraint(
                condition=Q(subscription=None) | Q(reader=None), name="issue_sent_to_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sending_id}"
