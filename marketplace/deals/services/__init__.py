"""What sides and staff do with expressions of interest and deals. Entry points authorize.

Other apps import from here: `milestone_paid` and its kin are for the app that settles payments.
"""

from marketplace.deals.services.deals import complete_deal, open_deal, terminate_deal
from marketplace.deals.services.expressions import (
    STAGE,
    accept_interest,
    clock_batch,
    close_interest,
    decline_interest,
    express_interest,
    mediate_interest,
    withdraw_interest,
)
from marketplace.deals.services.milestones import (
    PlannedMilestone,
    accept_milestone,
    deliver_milestone,
    milestone_paid,
    milestone_reversed,
    plan_milestones,
    request_milestone,
    return_milestone,
    take_back_request,
)

__all__ = [
    "STAGE",
    "PlannedMilestone",
    "accept_interest",
    "accept_milestone",
    "clock_batch",
    "close_interest",
    "complete_deal",
    "decline_interest",
    "deliver_milestone",
    "express_interest",
    "mediate_interest",
    "milestone_paid",
    "milestone_reversed",
    "open_deal",
    "plan_milestones",
    "request_milestone",
    "return_milestone",
    "take_back_request",
    "terminate_deal",
    "withdraw_interest",
]
