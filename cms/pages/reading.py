"""How often articles are read and how readers like them: figures, and nothing of who the readers were."""

from collections import Counter
from datetime import timedelta
from typing import Any, Final

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cms.pages.limits import is_too_many, keyed_digest
from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.listings.services.readers import is_robot

BATCH: Final = 1000
#: For how long the same reader is known to have rated an article.
KEPT_VOTES: Final = timedelta(days=90)
#: Of one network address for one article in a day: several people behind one, and no more.
MOST_VOTES: Final = 5


class AlreadyRated(DomainError):
    """This reader has given stars to this article."""


class PageFigures(models.Model):
    """Of one page: how often it was opened, how many gave stars and how many stars in all."""

    page = models.OneToOneField("wagtailcore.Page", models.CASCADE, related_name="figures")
    views = models.PositiveBigIntegerField(default=0)
    votes = models.PositiveIntegerField(default=0)
    stars = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stars__gte=F("votes"), stars__lte=F("votes") * 5),
                name="page_figures_stars",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}"

    @property
    def average(self) -> float | None:
        return round(self.stars / self.votes, 1) if self.votes else None


class PageVisit(models.Model):
    """One opening that is not yet counted; of the reader it holds nothing."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return f"{self.page_id}"


class StarVote(models.Model):
    """That somebody rated a page: a keyed digest that differs from page to page and is let go in time."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    voter = models.CharField(max_length=32)
    stars = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    given_at = models.DateTimeField(db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "voter"], name="stars_given_once"),
            models.CheckConstraint(
                condition=models.Q(stars__range=(1, 5)), name="stars_from_one_to_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}"


def record_visit(page: Any, *, user_agent: str) -> bool:
    """Notes one opening by a person; the tick counts it. Robots are left out."""
    if is_robot(user_agent):
        return False
    PageVisit.objects.create(page_id=page.pk)
    return True


def count_visits(limit: int = BATCH) -> int:
    """Adds what was noted to the figures; noted and counted change in one transaction."""
    with transaction.atomic():
        rows = PageVisit.objects.select_for_update(skip_locked=True).order_by("pk")
        noted = list(rows.values_list("pk", "page_id")[:limit])
        for page, count in sorted(Counter(page for _pk, page in noted).items()):
            _figures(page).update(views=F("views") + count)
        PageVisit.objects.filter(pk__in=[pk for pk, _page in noted]).delete()
    return len(noted)


@transaction.atomic
def rate(page: Any, stars: int, *, address: str, user_agent: str) -> None:
    """Takes one reader's stars, once.

    Raises:
        AlreadyRated: the reader has rated the page, or too many have from one address today.
    """
    if is_too_many(f"stars|{page.pk}", address, most=MOST_VOTES):
        raise AlreadyRated(
            _("Hôm nay nơi này đã gửi nhiều đánh giá cho bài. Hãy thử lại vào ngày mai.")
        )
    voter = keyed_digest(f"{page.pk}|{address}|{user_agent}")
    vote = StarVote(page_id=page.pk, voter=voter, stars=stars, given_at=clock.now())
    vote.clean_fields()
    known = StarVote.objects.filter(page_id=page.pk, voter=voter)
    if known.exists():
        raise AlreadyRated(_("Bạn đã đánh giá bài này. Cảm ơn bạn."))
    # Two clicks at once: the constraint lets one of them in.
    vote.save(force_insert=True)
    _figures(page.pk).update(votes=F("votes") + 1, stars=F("stars") + stars)


def forget_votes(limit: int = BATCH) -> int:
    """Lets digests go whose time is over; the figures stay."""
    old = StarVote.objects.filter(given_at__lt=clock.now() - KEPT_VOTES).order_by("pk")
    keys = list(old.values_list("pk", flat=True)[:limit])
    StarVote.objects.filter(pk__in=keys).delete()
    return len(keys)


def _figures(page: int) -> Any:
    PageFigures.objects.bulk_create([PageFigures(page_id=page)], ignore_conflicts=True)
    return PageFigures.objects.filter(page_id=page)
