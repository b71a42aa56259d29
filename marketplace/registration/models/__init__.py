"""Registration of results: rules, who registers, dossiers and certificates."""

from marketplace.registration.models.certificates import (
    Certificate,
    CertifiedCopy,
    NumberCounter,
)
from marketplace.registration.models.dossiers import (
    Dossier,
    DossierEntry,
    DossierFile,
    DossierQuerySet,
)
from marketplace.registration.models.duties import (
    OWED,
    Duty,
    DutyKind,
    DutyPass,
    DutyReminder,
    DutyState,
)
from marketplace.registration.models.focal_points import (
    FocalOfficer,
    FocalPoint,
    FocalPointQuerySet,
)
from marketplace.registration.models.inspections import (
    PLAN_TRANSITIONS,
    VISIT_TRANSITIONS,
    Finding,
    FollowUp,
    InspectionPlan,
    InspectionVisit,
    PlanState,
    VisitState,
)
from marketplace.registration.models.letters import LETTER_TRANSITIONS, Letter, LetterState
from marketplace.registration.models.rules import RuleBook
from marketplace.registration.models.task_reports import TaskReport
from marketplace.registration.models.yearly import YearlyReport

__all__ = [
    "LETTER_TRANSITIONS",
    "OWED",
    "PLAN_TRANSITIONS",
    "VISIT_TRANSITIONS",
    "Certificate",
    "CertifiedCopy",
    "Dossier",
    "DossierEntry",
    "DossierFile",
    "DossierQuerySet",
    "Duty",
    "DutyKind",
    "DutyPass",
    "DutyReminder",
    "DutyState",
    "Finding",
    "FocalOfficer",
    "FocalPoint",
    "FocalPointQuerySet",
    "FollowUp",
    "InspectionPlan",
    "InspectionVisit",
    "Letter",
    "LetterState",
    "NumberCounter",
    "PlanState",
    "RuleBook",
    "TaskReport",
    "VisitState",
    "YearlyReport",
]
