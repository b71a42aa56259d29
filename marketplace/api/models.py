"""The list of what is given out: one row a public record, in the order in which it last changed; and the
keys by which programs of organisations come in."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.models import Organization, OrganizationStatus
from marketplace.core import clock
from marketplace.core.access_keys import AccessKey


class PublishedRecordQuerySet(models.QuerySet):
    def told_to(self, shared: Any = ()) -> Self:
        """What everybody knows of, and what readers of these sources do."""
        return self.filter(Q(was_public=True) | Q(shared_by__in=list(shared)))

    def of_set(self, name: str) -> Self:
        return self.filter(sets__contains=f"|{name}|")

    def between(self, first: Any, last: Any) -> Self:
        """With a datestamp from `first` to `last`, both included, either None."""
        found = self
        if first is not None:
            found = found.filter(datestamp__gte=first)
        if last is not None:
            found = found.filter(datestamp__lte=last)
        return found


class PublishedRecord(models.Model):
    """A record as other systems know it; kept as deleted when it leaves the public pages.

    Written by one stage alone (`ledger.list_batch`), so that positions and datestamps rise together:
    a reader who went up to a position misses nothing that changes behind it.
    """

    kind = models.CharField(max_length=12)
    #: The record's `public_id`.
    key = models.CharField(max_length=12)
    position = models.PositiveBigIntegerField(unique=True)
    #: To the second, as OAI-PMH tells it.
    datestamp = models.DateTimeField()
    #: Gone from the public pages, or never there.
    is_deleted = models.BooleanField(default=False)
    #: Everybody was told of it once, and so is told that it is gone.
    was_public = models.BooleanField(default=True)
    #: The source that shares it with named readers, now or before.
    shared_by = models.CharField(max_length=60, blank=True)
    #: Names of sets between bars.
    sets = models.CharField(max_length=600, blank=True)

    objects = PublishedRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="published_record_once")
        ]
        indexes = [
            models.Index(fields=["datestamp", "position"], name="published_by_datestamp"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class ExportQuerySet(models.QuerySet):
    def latest_made(self) -> Any:
        """The `Export` that is offered now, or None."""
        return self.order_by("-made_at", "-pk").first()


class Export(models.Model):
    """One complete set of files of all public records."""

    made_at = models.DateTimeField()
    #: Up to which position of the list of records it reaches.
    position = models.PositiveBigIntegerField()
    records = models.PositiveBigIntegerField()
    #: [{"name", "media_type", "stored", "bytes", "sha256", "dataset", "records"}]
    files = models.JSONField(default=list)

    objects = ExportQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.made_at)


class KeyScope(models.TextChoices):
    """What a key opens. A key without the scope of an address is refused there."""

    RECORDS = "records.read", _("Đọc dữ liệu mở (OAI-PMH)")
    LISTINGS = "listings.read", _("Đọc tin đăng của tổ chức, kể cả bản nháp và tình trạng")
    MATCHES = "matches.read", _("Đọc gợi ý cho nhu cầu và nguồn cung của tổ chức")


class OrganizationKeyQuerySet(models.QuerySet["OrganizationKey"]):
    def usable(self) -> Self:
        return self.filter(
            revoked_at=None, expires_at__gt=clock.now(), organization__is_hidden=False
        ).exclude(organization__status=OrganizationStatus.UNCLAIMED)


class OrganizationKey(AccessKey):
    """By which a program of an organisation reads what the key is for, until a day."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="api_keys")
    scopes = models.JSONField(_("được làm gì"), default=list)
    expires_at = models.DateTimeField(_("hết hạn lúc"))
    #: To some minutes: a busy key is not written at each request.
    last_used_at = models.DateTimeField(_("dùng lần cuối"), null=True, blank=True, editable=False)

    objects = OrganizationKeyQuerySet.as_manager()

    class Meta(AccessKey.Meta):
        abstract = False
        verbose_name = _("khóa API của tổ chức")
        verbose_name_plural = _("khóa API của tổ chức")

    @property
    def is_usable(self) -> bool:
        return self.revoked_at is None and self.expires_at > clock.now()

    @property
    def scope_labels(self) -> list[str]:
        return [str(scope.label) for scope in KeyScope if scope.value in self.scopes]
