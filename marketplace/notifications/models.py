"""The inbox, the outbox of every channel, saved searches. People are known only as AUTH_USER_MODEL."""

from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from marketplace.core.text import new_public_id
from marketplace.notifications.times import DIGEST_CLOSES
from search.addresses import query_of
from search.narrowed import from_data
from search.queries import Query


class Notice(models.Model):
    """Something one person is told once; `dedupe_key` makes "once" a database constraint."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=200)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    #: What it told is no longer so (a listing was withdrawn): hidden from the inbox, mail not sent.
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "dedupe_key"], name="notice_once")
        ]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="notice_inbox")]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who gets a mail and has no account: an address, and the language to write in."""

    email: str
    language: str
    is_active: bool = True


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Chờ gửi")
    CLAIMED = "claimed", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    CANCELLED = "cancelled", _("Đã hủy")
    DEAD = "dead", _("Không gửi được")


class Delivery(models.Model):
    """One outbox row: what goes to one person over one channel, at least once.

    A digest is a delivery too; the notices in it point to it. A delivery without a recipient has a
    `letter` instead, to somebody who has no account.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="deliveries"
    )
    channel = models.CharField(max_length=12, default="email")
    dedupe_key = models.CharField(max_length=220, unique=True)
    notices = models.ManyToManyField(Notice, related_name="deliveries")
    is_digest = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    message_id = models.CharField(max_length=120, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("thư gửi đi")
        verbose_name_plural = _("hộp thư gửi đi")
        indexes = [models.Index(fields=["state", "not_before"], name="delivery_todo")]

    def __str__(self) -> str:
        return f"{self.channel} {self.dedupe_key}"

    @property
    def addressee(self) -> Any:
        """The user, or the stranger a letter is for."""
        return self.recipient or Stranger(self.letter.email, self.letter.language)


class Letter(models.Model):
    """What one mail tells somebody without an account: an invitation. Goes where its delivery goes.

    The address is forgotten when the mail has left or will never leave (`delivery`).
    """

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="letter")
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, default="vi")
    kind = models.CharField(max_length=40)
    context = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.kind

    def as_notice(self) -> Notice:
        """The letter as the templates of its kind know it; never stored."""
        return Notice(kind=self.kind, context=self.context, created_at=self.delivery.created_at)


class Preference(models.Model):
    """How one person wants one kind of notice by mail; without a row the kind's default holds."""

    class Mode(models.TextChoices):
        IMMEDIATE = "immediate", _("Gửi ngay")
        DIGEST = "digest", _("Thư đầu tiên gửi ngay, còn lại gộp mỗi ngày")
        OFF = "off", _("Không gửi email")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences"
    )
    kind = models.CharField(max_length=40)
    mode = models.CharField(max_length=10, choices=Mode)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.mode}"


class DeliveryTimes(models.Model):
    """When somebody wants mails; without a row at any time, the digest at the usual hour."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delivery_times"
    )
    quiet_from = models.TimeField(_("không gửi thư từ"), null=True, blank=True)
    quiet_to = models.TimeField(_("đến"), null=True, blank=True)
    digest_at = models.TimeField(_("giờ gửi thư gộp"), default=DIGEST_CLOSES)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_to=None)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_begin_and_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.digest_at}"


class Frequency(models.TextChoices):
    IMMEDIATE = "immediate", _("Báo ngay")
    DAILY = "daily", _("Mỗi ngày một thư")
    WEEKLY = "weekly", _("Mỗi tuần một thư")
    OFF = "off", _("Tạm dừng")


class SavedSearchQuerySet(models.QuerySet):
    def of(self, user: Any) -> Self:
        """Somebody's own, and nobody else's: not their colleagues', not the staff's."""
        return self.filter(owner=user, deleted_at=None)

    def watching(self) -> Self:
        """Those that new documents are run against. A paused one sleeps."""
        return self.filter(deleted_at=None, owner__is_active=True).exclude(frequency=Frequency.OFF)

    def with_news(self) -> Self:
        """`news`: how much has come since its owner looked last."""
        return self.annotate(news=Count("hits", filter=Q(hits__found_at__gt=F("visited_at"))))


class SavedSearch(models.Model):
    """A search somebody wants to hear of, kept as the address of the search page.

    Which documents it knows already is written down one by one (`hits`), as long as they are few
    enough. Where they are not (`knows_all` is false), it knows those that were there at `known_until`.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(_("tên"), max_length=120)
    #: Parameters of the search page, in their one order; no leading "?".
    address = models.TextField()
    fingerprint = models.CharField(max_length=64, editable=False)
    #: What the site where it was saved shows (`search.narrowed`); empty where it shows everything.
    narrowed = models.JSONField(default=list, blank=True, editable=False)
    #: Labels typed into the words (`field:Physics`) are read in the language they were typed in.
    language = models.CharField(max_length=5)
    frequency = models.CharField(
        _("báo cho tôi"), max_length=10, choices=Frequency, default=Frequency.DAILY
    )
    created_at = models.DateTimeField()
    visited_at = models.DateTimeField()
    last_alert_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    #: The stage has noted what the search finds already; asked for again when a pause ends.
    is_ready = models.BooleanField(default=False)
    known_until = models.DateTimeField()
    knows_all = models.BooleanField(default=True)
    #: New documents beyond the hits that are kept, since the last alert.
    unlisted = models.PositiveIntegerField(default=0)

    #: Only on rows that were asked for `with_news()`.
    news: int

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("tìm kiếm đã lưu")
        verbose_name_plural = _("tìm kiếm đã lưu")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "fingerprint"],
                condition=Q(deleted_at=None),
                name="saved_search_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("notifications:open_saved_search", args=[self.public_id])

    def query(self) -> Query:
        with translation.override(self.language):
            return query_of(QueryDict(self.address), from_data(self.narrowed))


class SavedSearchHit(models.Model):
    """One document that a saved search knows: told, to be told, or there from the beginning.

    Without `told_at` it waits for its mail; the constraint makes it be told once.
    """

    saved_search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="hits")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=12)
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["saved_search", "kind", "key"], name="saved_search_hit_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["saved_search", "found_at"],
                condition=Q(told_at=None),
                name="saved_search_hit_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"
