"""Numbers without gaps or doubles: a counter row, raised inside the transaction that uses the number."""

from django.db.models import F

from marketplace.registration.models import FocalPoint, NumberCounter

CERTIFICATES = "certificates"


def draw_number(focal_point: FocalPoint, *, series: str, year: int) -> int:
    """The next number of a series. To be called inside a transaction.

    The UPDATE holds the counter's row until that transaction ends (PostgreSQL), or the whole database
    is (SQLite): what is rolled back gives its number back, and nobody draws it meanwhile.
    """
    NumberCounter.objects.bulk_create(
        [NumberCounter(focal_point=focal_point, series=series, year=year)], ignore_conflicts=True
    )
    row = NumberCounter.objects.filter(focal_point=focal_point, series=series, year=year)
    row.update(last=F("last") + 1)
    return row.values_list("last", flat=True).get()
