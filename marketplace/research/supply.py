"""Registered results and work under way as what may answer a need."""

from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from marketplace.accounts.models import Membership
from marketplace.accounts.supply import SupplyCard, SupplyFacts, SupplyKind, register_supply
from marketplace.core import clock
from marketplace.core.templatetags.design import vi_number
from marketplace.research.models import (
    Record,
    Result,
    ResultQuerySet,
    Task,
    TaskQuerySet,
    TaskState,
)

#: A task that should have been done before the year before this one is no work under way: nobody closed it.
_OVERDUE_YEARS: Final = 1


def open_results(rows: QuerySet[Any]) -> QuerySet[Any]:
    assert isinstance(rows, ResultQuerySet)
    return rows.public()


def open_tasks(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Public ones that are worked on. Done or stopped, they leave: what came of them is a result."""
    assert isinstance(rows, TaskQuerySet)
    # The month is compared as text, and of some tasks only the year is known.
    since = str(clock.today().year - _OVERDUE_YEARS)
    return rows.public().filter(Q(ended_on="") | Q(ended_on__gte=since), state=TaskState.ONGOING)


def result_supply_facts(result: Result) -> SupplyFacts:
    return SupplyFacts(
        fields=tuple(result.field_codes),
        province=result.province_code,
        trl=result.trl,
        year=result.year,
        is_registered=bool(result.archive_number or result.result_code),
        ip_numbers=len(result.ip_rights),
    )


def task_supply_facts(task: Task) -> SupplyFacts:
    """Without a year: what does not exist yet is not fresh."""
    return SupplyFacts(
        fields=tuple(task.field_codes), province=task.province_code, until=task.ended_on[:7]
    )


def result_supply_card(result: Result) -> SupplyCard:
    archive = result.archive_number
    return SupplyCard(
        owner=result.organization,
        year=result.year,
        trl=result.trl,
        seals=(_("Số hồ sơ lưu %(number)s") % {"number": archive},) if archive else (),
    )


def task_supply_card(task: Task) -> SupplyCard:
    return SupplyCard(owner=task.organization, standing=standing_of(task))


def standing_of(task: Task) -> str:
    """That it is not there yet, and since when or until when that is expected to change."""
    if not task.ended_on:
        return _("Đang nghiên cứu, chưa có để dùng ngay.")
    year, _dash, month = task.ended_on[:7].partition("-")
    when = f"{month}/{year}" if month else year
    if task.ended_on[:7] < f"{clock.today():%Y-%m}"[: len(task.ended_on[:7])]:
        return _("Đang nghiên cứu, đã quá hạn dự kiến %(when)s: nên hỏi tiến độ.") % {"when": when}
    return _("Đang nghiên cứu, dự kiến xong %(when)s: chưa có để dùng ngay.") % {"when": when}


def _acted_for(model: type[Record], user: Any) -> QuerySet[Any]:
    acting = Membership.objects.filter(user=user, role__in=Membership.EDITING_ROLES)
    return model._default_manager.filter(organization__in=acting.values("organization"))


def results_answered_by(user: Any) -> QuerySet[Any]:
    return _acted_for(Result, user)


def tasks_answered_by(user: Any) -> QuerySet[Any]:
    return _acted_for(Task, user)


def count_results(n: int) -> str:
    return ngettext("%(n)s kết quả nghiên cứu", "%(n)s kết quả nghiên cứu", n) % {"n": vi_number(n)}


def count_tasks(n: int) -> str:
    return ngettext("%(n)s nhiệm vụ đang làm", "%(n)s nhiệm vụ đang làm", n) % {"n": vi_number(n)}


def register_research_supply() -> None:
    register_supply(
        SupplyKind(
            code="result",
            model=Result,
            open=open_results,
            facts=result_supply_facts,
            card=result_supply_card,
            answered_by=results_answered_by,
            counted=count_results,
            noun=pgettext_lazy("một loại trong câu", "kết quả nghiên cứu"),
            quoted=gettext_lazy("Tóm tắt kết quả"),
            opens=gettext_lazy("Xem chi tiết"),
        )
    )
    register_supply(
        SupplyKind(
            code="task",
            model=Task,
            open=open_tasks,
            facts=task_supply_facts,
            card=task_supply_card,
            answered_by=tasks_answered_by,
            counted=count_tasks,
            noun=pgettext_lazy("một loại trong câu", "nhiệm vụ đang nghiên cứu"),
            quoted=gettext_lazy("Nội dung nhiệm vụ"),
            opens=gettext_lazy("Xem nhiệm vụ"),
            filters=(("state", (TaskState.ONGOING.value,)),),
            is_under_way=True,
            # Who has nothing to offer yet is not called by the desk.
            invites=False,
        )
    )
