"""A source: a ministry's database, a university's repository, a folder of files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.accounts.models import User


class SourceKind(models.TextChoices):
    FILE = "file", _("Tệp")
    FOLDER = "folder", _("Thư mục tệp")
    HARVEST = "oai-pmh", _("Thu thập OAI-PMH")
    PUSH = "push", _("Nguồn tự gửi qua API")
    #: What is registered here; nothing is read from elsewhere.
    OWN = "own", _("Đăng ký trên sàn này")


class Sharing(models.TextChoices):
    """Who may be given the records of a source, on every feed and download."""

    PUBLIC = "public", _("Công khai")
    MINISTRIES = "ministries", _("Chia sẻ với bộ, ngành theo thỏa thuận")
    INTERNAL = "internal", _("Nội bộ")


class Master(models.TextChoices):
    """Whose value of a field holds where the source and the staff differ."""

    STAFF = "staff", _("Cán bộ: giá trị đã sửa được giữ, khác biệt chờ xem xét")
    SOURCE = "source", _("Nguồn: giá trị mới thay giá trị đã sửa")


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Sources with a public page: our own, and real ones that were read and that are not kept
        inside."""
        return self.exclude(sharing=Sharing.INTERNAL).filter(
            models.Q(last_read_at__isnull=False) | models.Q(kind=SourceKind.OWN),
            is_sandbox=False,
        )


class Source(models.Model):
    """One row a source. `Result.source` holds its slug, so a slug never changes."""

    #: May hold any letter: a file's name without suffixes is one.
    slug = models.CharField(_("mã nguồn"), max_length=60, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    description = models.TextField(_("giới thiệu"), blank=True)
    kind = models.CharField(_("loại"), max_length=10, choices=SourceKind, default=SourceKind.FILE)
    address = models.CharField(_("địa chỉ"), max_length=500, blank=True)
    #: {"columns": {"Tên đề tài": "title"}, "masters": {"title": "source"}, "records": "task", …}: what
    #: its columns are called, whose value of a field holds, what its rows are. What is not named
    #: follows the usual names and STAFF; rows are results.
    mapping = models.JSONField(_("ánh xạ"), default=dict, blank=True)
    #: As `0 2 * * *`; empty where it is read by hand.
    schedule = models.CharField(_("lịch đọc"), max_length=60, blank=True)
    #: The NAME of the variable; the secret itself is never stored.
    credentials_variable = models.CharField(
        _("biến môi trường giữ khóa truy cập"), max_length=60, blank=True
    )
    licence = models.CharField(_("giấy phép sử dụng"), max_length=200, blank=True)
    licence_url = models.URLField(_("địa chỉ giấy phép"), max_length=300, blank=True)
    #: 0–100: whose value is preferred where two sources describe one result.
    trust = models.PositiveSmallIntegerField(_("độ tin cậy"), default=50)
    sharing = models.CharField(
        _("mức chia sẻ"), max_length=10, choices=Sharing, default=Sharing.PUBLIC
    )
    focal_organization = models.ForeignKey(
        "accounts.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("đơn vị đầu mối"),
    )
    #: Its records are checked and kept apart: no reader, index or feed ever sees them.
    is_sandbox = models.BooleanField(_("nguồn thử nghiệm"), default=False)
    is_active = models.BooleanField(_("đang dùng"), default=True)
    #: Where an incremental reading goes on from (a time stamp, a resumption token …).
    cursor = models.JSONField(default=dict, blank=True, editable=False)
    last_read_at = models.DateTimeField(_("đọc lần cuối"), null=True, blank=True, editable=False)
    #: Why the last reading did not get to its end; empty where it did.
    last_problem = models.CharField(_("lỗi lần cuối"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("nguồn dữ liệu")
        verbose_name_plural = _("nguồn dữ liệu")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(trust__range=(0, 100)), name="source_trust_0_100"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sources:source", args=[self.slug])

    @property
    def is_own(self) -> bool:
        return self.kind == SourceKind.OWN

    @property
    def columns(self) -> dict[str, str]:
        """Column → field, where the mapping names them."""
        return dict(self.mapping.get("columns", {}))

    @property
    def records_are(self) -> str:
        """What its rows are where neither their format nor they themselves say so."""
        return str(self.mapping.get("records", "result"))

    def master_of(self, field: str) -> str:
        return str(self.mapping.get("masters", {}).get(field, Master.STAFF))
