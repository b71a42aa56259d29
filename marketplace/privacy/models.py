"""What people ask about their data: copies, closing an account, consents, requests with a term."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id


class DataCopyQuerySet(models.QuerySet["DataCopy"]):
    def of(self, user: Any) -> Self:
        return self.filter(user=user)

    def waiting(self) -> Self:
        return self.filter(state=DataCopy.State.ASKED)

    def outdated(self) -> Self:
        return self.filter(state=DataCopy.State.MADE, expires_at__lte=clock.now())


class DataCopy(models.Model):
    """A copy of somebody's data that is being made, or lies ready for some days."""

    class State(models.TextChoices):
        ASKED = "asked", _("Đang chuẩn bị")
        MADE = "made", _("Tải được")
        EXPIRED = "expired", _("Đã hết hạn tải")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="data_copies")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    done_parts = models.PositiveSmallIntegerField(default=0)
    total_parts = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(storage=private_storage, upload_to=stored_name, blank=True)
    made_at = models.DateTimeField(_("xong lúc"), null=True)
    expires_at = models.DateTimeField(null=True)

    objects = DataCopyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="asked"), name="one_copy_being_made"
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class ClosingQuerySet(models.QuerySet["Closing"]):
    def waiting(self) -> Self:
        return self.filter(done_at=None, cancelled_at=None)

    def due(self) -> Self:
        return self.waiting().filter(due_on__lte=clock.today())


class Closing(models.Model):
    """An account that its owner closes: it waits some days, in which a mind may change."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="closings")
    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    due_on = models.DateField(_("đóng vào ngày"))
    cancelled_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(_("đóng lúc"), null=True)
    #: Why it could not be closed when its day had come; tried again every day.
    held_by = models.TextField(blank=True)
    tried_on = models.DateField(null=True)

    objects = ClosingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(done_at=None, cancelled_at=None),
                name="one_closing_of_an_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.due_on}"


class Consent(models.Model):
    """Somebody agreed to a version of a document, or took that back. Rows are never changed else."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    document = models.SlugField(_("văn bản"), max_length=40)
    version = models.CharField(_("bản"), max_length=20)
    given_at = models.DateTimeField(_("đồng ý lúc"))
    withdrawn_at = models.DateTimeField(_("rút lại lúc"), null=True)

    class Meta:
        ordering: ClassVar = ["-given_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "document", "version"],
                condition=Q(withdrawn_at=None),
                name="consent_standing_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.document} {self.version}"


class SubjectRequestQuerySet(models.QuerySet["SubjectRequest"]):
    def of(self, user: Any) -> Self:
        return self.filter(user=user)

    def open(self) -> Self:
        return self.exclude(state__in=[SubjectRequest.State.DONE, SubjectRequest.State.REFUSED])

    def late(self) -> Self:
        today, state = clock.today(), SubjectRequest.State
        unanswered = Q(state=state.RECEIVED, answer_due_on__lt=today)
        return self.filter(unanswered | Q(state=state.ANSWERED, carry_out_due_on__lt=today))


class SubjectRequest(models.Model):
    """What a person asks about their data, with the days the law gives for it.

    First it is answered (what will be done and until when, or why not), then carried out.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("Xem dữ liệu của tôi")
        CORRECT = "correct", _("Sửa dữ liệu sai")
        COPY = "copy", _("Nhận bản sao")
        ERASE = "erase", _("Xóa dữ liệu")
        RESTRICT = "restrict", _("Hạn chế việc dùng")
        OBJECT = "object", _("Phản đối việc dùng")
        WITHDRAW = "withdraw", _("Rút lại sự đồng ý")
        COMPLAINT = "complaint", _("Khiếu nại")

    class State(models.TextChoices):
        RECEIVED = "received", _("Chờ trả lời")
        ANSWERED = "answered", _("Đã trả lời, đang thực hiện")
        DONE = "done", _("Đã thực hiện")
        REFUSED = "refused", _("Không thực hiện")

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    #: Empty where somebody without an account wrote, called or came.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="subject_requests"
    )
    name = models.CharField(_("người yêu cầu"), max_length=120, blank=True)
    address = models.CharField(_("email hoặc địa chỉ để trả lời"), max_length=200, blank=True)
    kind = models.CharField(_("yêu cầu"), max_length=10, choices=Kind)
    text = models.TextField(_("nội dung"), max_length=4000)
    state = models.CharField(_("tình trạng"), max_length=10, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField(_("nhận lúc"))
    answer_due_on = models.DateField(_("hạn trả lời"))
    carry_out_due_on = models.DateField(_("hạn thực hiện"))
    #: First day of the edition of the terms by which the days were counted.
    terms_of = models.DateField()
    answer = models.TextField(_("trả lời"), blank=True, max_length=4000)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("yêu cầu về dữ liệu cá nhân")
        verbose_name_plural = _("yêu cầu về dữ liệu cá nhân")
        ordering: ClassVar = ["answer_due_on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.who}"

    @property
    def who(self) -> str:
        return str(self.user) if self.user else self.name

    @property
    def due_on(self) -> Any:
        """The next day by which something is owed; None when it is over."""
        due = {"received": self.answer_due_on, "answered": self.carry_out_due_on}
        return due.get(self.state)

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < clock.today()
