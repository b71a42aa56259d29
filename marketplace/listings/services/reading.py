"""What the poster says of how their need was read."""

from dataclasses import asdict

from django.db import transaction

from marketplace.accounts.models import User
from marketplace.listings.models import Need
from marketplace.listings.services.drafts import draft_of, save_draft
from marketplace.listings.services.rows import locked
from marketplace.reading.needs import Correction, load_corrections, with_correction


@transaction.atomic
def correct_reading(need: Need, *, correction: Correction, by: User) -> Need:
    """Keeps the correction with the draft; matching goes by it once the draft is published.

    Raises:
        Locked: staff hold the listing, or it is under review.
    """
    row = locked(need)
    corrections = load_corrections(draft_of(row).reading_corrections)
    kept = [asdict(one) for one in with_correction(corrections, correction)]
    return save_draft(row, changes={"reading_corrections": kept}, by=by)
