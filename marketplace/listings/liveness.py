"""Whether listings still hold: the days, the links by which owners say so, and the figure of it all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.core import signing
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.editions import in_force, read_editions
from marketplace.listings.models import LISTING_MODELS, Listing

_FILE: Final = Path(__file__).parent / "data" / "liveness.toml"
_SALT: Final = "listings.renew"


@dataclass(frozen=True, slots=True)
class LivenessTerms:
    valid_from: date
    status: str
    source: str
    confirm_within_days: int
    ask_after_days: tuple[int, ...]
    answer_days: int
    link_days: int
    ends_soon_days: int
    renew_days: int


@cache
def _editions() -> tuple[LivenessTerms, ...]:
    return read_editions(
        _FILE,
        lambda row: LivenessTerms(**row | {"ask_after_days": tuple(sorted(row["ask_after_days"]))}),
    )


def liveness_terms() -> LivenessTerms:
    """The edition in force today; before the first, the first."""
    return in_force(_editions(), clock.today())


# --- which listings -----------------------------------------------------------------------------


def due_to_ask(model: type[Listing]) -> QuerySet[Any]:
    """Shown listings that a further step asks about."""
    now, steps = clock.now(), Q(pk__in=[])
    for days in liveness_terms().ask_after_days:
        steps |= Q(known_at__lte=now - timedelta(days=days), asked_step__lt=days)
    return model.objects.public().with_confirmation().filter(steps)


def step_of(listing: Any) -> int:
    """The last step that has come; `listing` with its confirmation."""
    days = (clock.now() - listing.known_at).days
    return max(step for step in liveness_terms().ask_after_days if step <= days)


def due_to_suspend(model: type[Listing]) -> QuerySet[Any]:
    """Shown listings whose owner was asked, and has not answered in time."""
    terms, now = liveness_terms(), clock.now()
    return (
        model.objects.public()
        .with_confirmation()
        .filter(
            Q(known_at__lte=now - timedelta(days=terms.confirm_within_days)),
            Q(asked_at__lte=now - timedelta(days=terms.answer_days)),
        )
    )


def unconfirmed_of(listings: Iterable[Listing]) -> list[Listing]:
    """Those of them that wait for a word of their owner: asked about, hidden, or ending soon."""
    soon = clock.today() + timedelta(days=liveness_terms().ends_soon_days)
    return [
        one
        for one in listings
        if one.can_be_renewed
        and (one.asked_at or one.suspended_at or (one.valid_until and one.valid_until <= soon))
    ]


# --- links in mails -----------------------------------------------------------------------------


class SpentLink(Exception):
    """The link was good, and what it asked has been answered: `listing` is as it is now."""

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self.listing = listing


def renewal_url(listing: Listing, person: User) -> str:
    """A link by which this person, without signing in, says once that the listing still holds.

    It lies in no table: it is made when the mail is made.
    """
    until = clock.today() + timedelta(days=liveness_terms().link_days)
    sealed = {
        "k": listing.KIND, "i": listing.public_id, "u": person.pk, "c": _stamp(listing),
        "e": until.toordinal(),
    }  # fmt: skip
    return reverse("listings:renew", args=[signing.dumps(sealed, salt=_SALT, compress=True)])


def read_link(token: str) -> tuple[Listing, User] | None:
    """The listing and the person of a link; None where it is no link, too old, or the person no longer
    edits for the organisation.

    Raises:
        SpentLink: the listing was confirmed since.
    """
    try:
        sealed = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    if clock.today().toordinal() > sealed["e"]:
        return None
    person = User.objects.filter(pk=sealed["u"], is_active=True).first()
    model = LISTING_MODELS.get(sealed["k"])
    if person is None or model is None:
        return None
    rows = model.objects.editable_by(person).select_related("organization")
    listing = rows.filter(public_id=sealed["i"]).first()
    if listing is None:
        return None
    if _stamp(listing) != sealed["c"]:
        raise SpentLink(listing)
    return listing, person


def _stamp(listing: Listing) -> str:
    """What changes with each answer, so that a link is good for one."""
    at = listing.last_confirmed_at
    return f"{at.timestamp():.6f}:{listing.valid_until or ''}" if at else str(listing.valid_until)


# --- the figure ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Of the listings that readers see: how many there are, and how many of them hold by their owner's
    word of the last days."""

    shown: int
    confirmed: int
    days: int

    @property
    def percent(self) -> int | None:
        """Rounded down: 100 is said where it is all of them."""
        return 100 * self.confirmed // self.shown if self.shown else None


def confirmed_share(user: Any = None) -> Confirmed:
    """Over every kind; for staff of a province over the listings of theirs.

    One query a kind.
    """
    days = liveness_terms().confirm_within_days
    since = clock.now() - timedelta(days=days)
    shown = confirmed = 0
    for model in LISTING_MODELS.values():
        rows = model.objects.public() if user is None else model.objects.curated_by(user).public()
        found = rows.with_confirmation().aggregate(
            shown=Count("pk"), confirmed=Count("pk", filter=Q(known_at__gt=since))
        )
        shown, confirmed = shown + found["shown"], confirmed + found["confirmed"]
    return Confirmed(shown, confirmed, days)
