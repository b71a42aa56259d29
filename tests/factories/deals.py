"""Expressions of interest, sent as the page sends them."""

from typing import Any

from marketplace.deals.models import ExpressionOfInterest
from marketplace.deals.services import express_interest
from marketplace.deals.subjects import kind_of


def sent_expression(subject: Any, *, by: Any, asker: Any, **values: Any) -> ExpressionOfInterest:
    given = {"why": "Cần dây chuyền 300 kg/giờ cho vụ tới.", "wants": "quote", **values}
    return express_interest(subject, kind=kind_of(subject), asker=asker, by=by, **given)
