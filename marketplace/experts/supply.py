"""Experts as what may answer a need: only one that asks for advice."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from marketplace.accounts.supply import SupplyCard, SupplyFacts, SupplyKind, register_supply
from marketplace.core.templatetags.design import vi_number
from marketplace.experts.models import Expert, ExpertField, ExpertQuerySet
from marketplace.experts.search import KIND

_ANSWERS = ("advice",)


def open_experts(rows: QuerySet[Any]) -> QuerySet[Any]:
    assert isinstance(rows, ExpertQuerySet)
    return rows.public()


def expert_supply_facts(expert: Expert) -> SupplyFacts:
    return SupplyFacts(
        fields=tuple(expert.public_value(ExpertField.FIELDS) or ()),
        province=expert.public_value(ExpertField.PROVINCE) or "",
        answers=_ANSWERS,
    )


def expert_supply_card(expert: Expert) -> SupplyCard:
    return SupplyCard(owner=expert.public_owner())


def count_experts(n: int) -> str:
    return ngettext("%(n)s chuyên gia", "%(n)s chuyên gia", n) % {"n": vi_number(n)}


def register_expert_supply() -> None:
    register_supply(
        SupplyKind(
            code=KIND,
            model=Expert,
            open=open_experts,
            facts=expert_supply_facts,
            card=expert_supply_card,
            answered_by=Expert.objects.editable_by,
            counted=count_experts,
            noun=pgettext_lazy("một loại trong câu", "chuyên gia"),
            quoted=_("Chuyên gia tự giới thiệu"),
            opens=_("Xem hồ sơ"),
            asked_by=frozenset(_ANSWERS),
            # Who is here agreed to be found; nobody else is called by the desk.
            invites=False,
            is_personal=True,
        )
    )
