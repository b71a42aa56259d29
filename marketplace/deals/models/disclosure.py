"""The disclosure ledger: what was agreed on secrecy, what was opened to whom, and who read it when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, User
from marketplace.core import clock
from marketplace.core.storage import private_storage, stored_name
from marketplace.core.text import new_public_id
from marketplace.deals.models.deals import Deal, MemberRole
from marketplace.deals.states import DealState, ReleaseState

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Agreement(models.Model):
    """The confidentiality agreement of a deal, in one exact wording."""

    deal = models.OneToOneField(Deal, models.PROTECT, related_name="agreement")
    #: Edition of the text, as in `data/nda.toml`.
    edition = models.CharField(max_length=20)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("thỏa thuận bảo mật")
        verbose_name_plural = _("thỏa thuận bảo mật")

    def __str__(self) -> str:
        return self.sha256[:12]


class AgreementAcceptance(models.Model):
    """One side accepts the agreement; it is in force once both have."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="acceptances")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    #: What the person was in the organisation: a role in the deal, or one of its owners or managers.
    signed_as = models.CharField(max_length=20)
    by_second_factor = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("chấp thuận bảo mật")
        verbose_name_plural = _("chấp thuận bảo mật")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "organization"], name="agreement_accepted_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.sha256[:12]}"


class ReleaseKind(models.TextChoices):
    IDENTITY = "identity", _("Tên bên đăng")
    TEXT = "text", _("Phần bảo mật")
    DOCUMENT = "document", _("Tài liệu hạn chế")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        """What is open to the person's side now; a deal that was broken off closes it."""
        seen = Deal.objects.exclude(state=DealState.TERMINATED)
        everyone = frozenset(MemberRole)
        bought = seen.bought_by(user, everyone).values("pk")
        sold = seen.sold_by(user, everyone).values("pk")
        return self.filter(
            Q(deal__in=bought, organization=models.F("deal__buyer"))
            | Q(deal__in=sold, organization=models.F("deal__seller")),
            state=ReleaseState.OPEN,
        )


class Release(models.Model):
    """A part that one side opened to the other, in the version that it had then."""

    key = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=10, choices=ReleaseKind)
    #: Of a document, its name in the listing; empty for the text and the owner's name.
    part = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=250)
    #: To whom it was opened.
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    file = models.FileField(storage=private_storage, upload_to=stored_name, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64)
    #: The opener was warned that no application had been filed for what is opened.
    was_warned = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.OPEN)
    released_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    released_at = models.DateTimeField(default=clock.now)
    revoked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("phần đã mở")
        verbose_name_plural = _("phần đã mở")
        ordering: ClassVar = ["released_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "kind", "part"],
                condition=Q(state="open"),
                name="release_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", revoked_at=None)
                | Q(state="revoked", revoked_at__isnull=False),
                name="release_revoked_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """In the reader's language; a document keeps its own name."""
        return self.title if self.kind == ReleaseKind.DOCUMENT else str(self.get_kind_display())

    @property
    def is_open(self) -> bool:
        return self.state == ReleaseState.OPEN


class ReadingQuerySet(models.QuerySet["Reading"]):
    def update(self, **values: Any) -> int:
        raise TypeError("readings are only ever added")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("readings are never deleted")


class Reading(models.Model):
    """Somebody read or downloaded a part: only ever added, and named in the sealed log too."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    #: "read" on the page, "download" as a stamped file.
    act = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("lượt đọc phần bảo mật")
        verbose_name_plural = _("lượt đọc phần bảo mật")
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("readings are only ever added")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("readings are never deleted")
