"""Bands of closed prices, made anew once a quarter has ended."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from marketplace.core import clock
from marketplace.core.currencies import DONG
from marketplace.core.kept_pages import forget_pages
from marketplace.deals.closed_prices import ClosedDeal, bands_of, last_quarter_end, rule_on
from marketplace.deals.models import ClosedPrice, ContractRecord
from marketplace.deals.states import ContractState
from marketplace.deals.subjects import all_subjects
from marketplace.taxonomy.choices import with_everything_above

STAGE: Final = "deals.prices"
_CHUNK: Final = 1000


def make_prices() -> int:
    """Brings the bands to what the last quarter's end says. Returns how many fields have one that was not there or was
    another; 0 where nothing is to be done."""
    today = clock.today()
    through = last_quarter_end(today)
    rule = rule_on(today)
    bands = dict(bands_of(_closed(through, rule.price_forms), rule))
    return _write(bands, through)


@transaction.atomic
def _write(bands: dict[str, Any], through: date) -> int:
    known = {row.field_code: row for row in ClosedPrice.objects.select_for_update()}
    changed = 0
    for code, band in bands.items():
        row = known.pop(code, None) or ClosedPrice(field_code=code)
        values = {
            "low": band.low, "high": band.high, "deals": band.deals, "through": through
        }  # fmt: skip
        if row.pk and all(getattr(row, name) == value for name, value in values.items()):
            continue
        for name, value in values.items():
            setattr(row, name, value)
        row.made_at = clock.now()
        row.save()
        changed += 1
    gone, _rows = ClosedPrice.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    if changed or gone:
        forget_pages()
    return changed + gone


def _closed(through: date, price_forms: Iterable[str]) -> Iterator[ClosedDeal]:
    """Confirmed contracts in dong whose sum is their price, by the fields of what they are about."""
    before = datetime.combine(through + timedelta(days=1), time.min, clock.VIETNAM)
    rows = (
        ContractRecord.objects.filter(state=ContractState.CONFIRMED, confirmed_at__lt=before)
        .select_related("sheet", "deal__origin")
        .order_by("pk")
    )
    chunk: list[ContractRecord] = []
    for row in rows.iterator(chunk_size=_CHUNK):
        content = row.sheet.content
        if content["currency"] == DONG and content["price_form"] in price_forms:
            chunk.append(row)
        if len(chunk) == _CHUNK:
            yield from _with_fields(chunk)
            chunk = []
    yield from _with_fields(chunk)


def _with_fields(rows: list[ContractRecord]) -> Iterator[ClosedDeal]:
    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.deal.origin.kind, set()).add(row.deal.origin.subject_id)
    subjects = {kind: all_subjects(kind).in_bulk(keys) for kind, keys in wanted.items()}
    for row in rows:
        subject = subjects[row.deal.origin.kind].get(row.deal.origin.subject_id)
        codes = with_everything_above("st-fields", getattr(subject, "field_codes", None) or [])
        price = sum(line["amount"] for line in row.sheet.plan)
        yield ClosedDeal(row.deal.buyer_id, row.deal.seller_id, price, codes)
