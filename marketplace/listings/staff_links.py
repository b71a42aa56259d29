"""The link by which a firm answers, without signing in, what staff wrote for it. It lies in no table."""

from typing import Final

from django.core import signing
from django.urls import reverse

from marketplace.listings.models import StaffPost

_SALT: Final = "listings.staff_post"


def answer_url(post: StaffPost) -> str:
    """A link that is good for one answer: it names the letter that it stands in."""
    sealed = {"p": post.public_id, "s": post.serial}
    return reverse("listings:firm_answer", args=[signing.dumps(sealed, salt=_SALT, compress=True)])


def read_answer_link(token: str) -> tuple[StaffPost, str] | None:
    """The post of a link and the serial it names; None where it is no link of ours. Whether it is still
    good is asked of the row (`has_open_link`) and by the service that takes the answer."""
    try:
        sealed = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    rows = StaffPost.objects.select_related("organization", "by")
    post = rows.filter(public_id=sealed["p"]).first()
    return (post, str(sealed["s"])) if post is not None else None


def draft_of_post(post: StaffPost) -> str:
    """What the listing is called in its newest draft."""
    listing = post.listing
    return (listing.draft_title or str(listing)) if listing is not None else ""
