"""Expressions of interest and deals, made as the pages make them."""

from typing import Any

from django.db import transaction

from marketplace.deals.models import Deal, ExpressionOfInterest, Milestone
from marketplace.deals.services import (
    PlannedMilestone,
    accept_interest,
    express_interest,
    plan_milestones,
)
from marketplace.deals.services.rows import move
from marketplace.deals.services.terms import PlanLine, Terms
from marketplace.deals.states import DealState
from marketplace.deals.subjects import kind_of

#: Of a contract of one billion dong.
PLAN = (
    PlannedMilestone("Tạm ứng", 300_000_000),
    PlannedMilestone("Bàn giao thiết bị", 500_000_000),
    PlannedMilestone("Nghiệm thu", 200_000_000),
)


def sent_expression(subject: Any, *, by: Any, asker: Any, **values: Any) -> ExpressionOfInterest:
    given = {"why": "Cần dây chuyền 300 kg/giờ cho vụ tới.", "wants": "quote", **values}
    return express_interest(subject, kind=kind_of(subject), asker=asker, by=by, **given)


def opened_deal(subject: Any, *, by: Any, asker: Any, accepted_by: Any, **values: Any) -> Deal:
    """A deal about a row: asked for by one, accepted by the other."""
    expression = sent_expression(subject, by=by, asker=asker, **values)
    return accept_interest(expression, by=accepted_by)


@transaction.atomic
def contracted_deal(deal: Deal, *, by: Any, plan: Any = PLAN) -> list[Milestone]:
    """Takes a deal to its contract and returns the milestones, without the papers before."""
    move(deal, DealState.AGREED, by=by)
    move(deal, DealState.CONTRACTED, by=by)
    return plan_milestones(deal, plan=plan, by=by)


def offered_terms(**contents: str) -> Terms:
    """Terms of one billion dong that lack nothing; more contents may be given."""
    needed = {
        "object": "Quy trình sấy lạnh 300 kg mỗi giờ",
        "quality": "Độ ẩm cuối 11 phần trăm",
        "rights": "Quyền sử dụng không độc quyền tại Đồng Nai",
        "price": "Chưa gồm thuế",
        "term": "Ba năm từ ngày ký",
        "disputes": "Tòa án nhân dân có thẩm quyền",
    }
    plan = (
        PlanLine("Tạm ứng", 300_000_000, "2027-01-15"),
        PlanLine("Nghiệm thu", 700_000_000),
    )
    return Terms("instalments", needed | contents, plan)
