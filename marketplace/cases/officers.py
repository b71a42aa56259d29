"""Who may look after a case, and who gets a new one."""

from typing import Any

from django.db.models import Q, QuerySet

from marketplace.accounts.models import User
from marketplace.cases.models import AssignmentRule, Case

_APP, _RIGHT = "cases", "change_case"


def officers() -> QuerySet[User]:
    """Staff who may work on cases, wherever."""
    by_group = Q(
        groups__permissions__codename=_RIGHT, groups__permissions__content_type__app_label=_APP
    )
    by_name = Q(user_permissions__codename=_RIGHT, user_permissions__content_type__app_label=_APP)
    people = User.objects.filter(is_active=True, is_staff=True)
    allowed = people.filter(by_group | by_name | Q(is_superuser=True)).values("pk")
    return people.filter(pk__in=allowed).order_by("full_name", "email")


def may_look_after(user: Any, case: Case) -> bool:
    return bool(
        user.is_active
        and user.is_staff
        and Case.objects.curated_by(user, "change").filter(pk=case.pk).exists()
    )


def officer_by_rule(case: Case) -> User | None:
    """The officer of the first rule that fits; one who may not see the case is passed over."""
    rules = AssignmentRule.objects.filter(is_active=True).select_related("officer")
    for rule in rules:
        if rule.fits(case) and may_look_after(rule.officer, case):
            return rule.officer
    return None
