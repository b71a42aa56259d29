from marketplace.deals.models.contracts import (
    ContractConfirmation,
    ContractPaper,
    ContractRecord,
    Direction,
    SignedCopy,
)
from marketplace.deals.models.credits import FinderCredit
from marketplace.deals.models.deals import Deal, DealMember, DealQuerySet, MemberRole
from marketplace.deals.models.disclosure import (
    Agreement,
    AgreementAcceptance,
    Reading,
    Release,
    ReleaseKind,
)
from marketplace.deals.models.disputes import Dispute, DisputeEntry, EntryKind
from marketplace.deals.models.evaluations import (
    Evaluation,
    EvaluationQuerySet,
    Recommendation,
    Reviewer,
    Score,
)
from marketplace.deals.models.expressions import ExpressionOfInterest, ExpressionQuerySet
from marketplace.deals.models.follow_ups import FollowUp
from marketplace.deals.models.licences import (
    LicenceAcceptance,
    LicenceQuerySet,
    StandardLicence,
)
from marketplace.deals.models.milestones import Milestone, MilestoneQuerySet
from marketplace.deals.models.prices import ClosedPrice
from marketplace.deals.models.questions import Answer, Question, QuestionQuerySet
from marketplace.deals.models.readiness import ReadinessItem, ReadinessQuerySet
from marketplace.deals.models.rooms import (
    DealFile,
    DealFileVersion,
    DealMessage,
    DealStep,
    MailReply,
    Meeting,
)
from marketplace.deals.models.terms import SheetAcceptance, TermSheet, Wording

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "Answer",
    "ClosedPrice",
    "ContractConfirmation",
    "ContractPaper",
    "ContractRecord",
    "Deal",
    "DealFile",
    "DealFileVersion",
    "DealMember",
    "DealMessage",
    "DealQuerySet",
    "DealStep",
    "Direction",
    "Dispute",
    "DisputeEntry",
    "EntryKind",
    "Evaluation",
    "EvaluationQuerySet",
    "ExpressionOfInterest",
    "ExpressionQuerySet",
    "FinderCredit",
    "FollowUp",
    "LicenceAcceptance",
    "LicenceQuerySet",
    "MailReply",
    "Meeting",
    "MemberRole",
    "Milestone",
    "MilestoneQuerySet",
    "Question",
    "QuestionQuerySet",
    "ReadinessItem",
    "ReadinessQuerySet",
    "Reading",
    "Recommendation",
    "Release",
    "ReleaseKind",
    "Reviewer",
    "Score",
    "SheetAcceptance",
    "SignedCopy",
    "StandardLicence",
    "TermSheet",
    "Wording",
]
