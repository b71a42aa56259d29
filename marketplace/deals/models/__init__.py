from marketplace.deals.models.deals import Deal, DealMember, DealQuerySet, MemberRole
from marketplace.deals.models.expressions import ExpressionOfInterest, ExpressionQuerySet
from marketplace.deals.models.milestones import Milestone, MilestoneQuerySet

__all__ = [
    "Deal",
    "DealMember",
    "DealQuerySet",
    "ExpressionOfInterest",
    "ExpressionQuerySet",
    "MemberRole",
    "Milestone",
    "MilestoneQuerySet",
]
