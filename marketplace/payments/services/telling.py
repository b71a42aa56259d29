"""Both sides are told of each state a payment reaches; the row itself says what nobody was told of yet."""

from typing import Final

from django.db import transaction
from django.db.models import F

from marketplace.payments import notices
from marketplace.payments.models import Payment
from marketplace.payments.states import PaymentState

STAGE: Final = "payments.tell"


def tell_batch(limit: int = 200) -> int:
    rows = Payment.objects.exclude(told=F("state")).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:limit])
    for pk in keys:
        with transaction.atomic():
            row = Payment.objects.with_sides().select_for_update(of=("self",)).get(pk=pk)
            if row.told != row.state:
                # A card's payment is told of once its page is there.
                if row.state != PaymentState.PREPARED:
                    notices.tell(row)
                Payment.objects.filter(pk=pk).update(told=row.state)
    return len(keys)
