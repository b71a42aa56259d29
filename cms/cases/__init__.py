"""The case desk: who looks after which need, what is due today, what was said and what came of it."""

from cms.cases.desk import CaseViewSet
from cms.cases.rules import AssignmentRuleViewSet

__all__ = ["AssignmentRuleViewSet", "CaseViewSet"]
