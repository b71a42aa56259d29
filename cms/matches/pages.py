"""Addresses and menu entries of the desks about matches."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from cms.desks import DeskMenuItem
from cms.matches.judging import (
    ExportView,
    JudgeView,
    JudgingListView,
    PoolNeedView,
    SettleView,
)
from cms.matches.need import AddView, NeedMatchesView, SuppressView, UndoView
from cms.matches.needs import NeedListView
from cms.matches.reasons import ReasonsView
from cms.matches.waiting import StaffLookView, WaitingView
from cms.rights import has_right
from marketplace.matching.models import JudgingPool, Match


def match_urls() -> list[URLPattern]:
    return [
        path("goi-y/", NeedListView.as_view(), name="match_desk"),
        path("goi-y/cho-gui/", WaitingView.as_view(), name="waiting_matches"),
        path("goi-y/cham/", JudgingListView.as_view(), name="judging"),
        path("goi-y/cham/bo-danh-gia.zip", ExportView.as_view(), name="export_judgements"),
        path("goi-y/cham/<slug:public_id>/", JudgeView.as_view(), name="judge"),
        path("goi-y/cham/<slug:public_id>/khac-nhau/", SettleView.as_view(), name="settle"),
        path("goi-y/nhu-cau/<int:pk>/cham/", PoolNeedView.as_view(), name="pool_need"),
        path("goi-y/ly-do/", ReasonsView.as_view(), name="pass_reasons"),
        path("goi-y/nhu-cau/<int:pk>/", NeedMatchesView.as_view(), name="need_matches"),
        path("goi-y/nhu-cau/<int:pk>/them/", AddView.as_view(), name="add_match"),
        path("goi-y/nhu-cau/<int:pk>/bo/", SuppressView.as_view(), name="suppress_matches"),
        path("goi-y/quyet-dinh/<int:pk>/hoan-tac/", UndoView.as_view(), name="undo_decision"),
        path("goi-y/to-chuc/<int:pk>/xem-truoc/", StaffLookView.as_view(), name="set_staff_look"),
    ]


_ITEMS = (
    (gettext_lazy("Bàn gợi ý"), "match_desk", "match-desk", "link", 10, Match),
    (
        gettext_lazy("Chờ xem trước khi gửi"),
        "waiting_matches",
        "waiting-matches",
        "time",
        20,
        Match,
    ),
    (gettext_lazy("Bàn chấm"), "judging", "judging", "tick-inverse", 30, JudgingPool),
    (
        gettext_lazy("Lý do bỏ qua gợi ý"),
        "pass_reasons",
        "pass-reasons",
        "clipboard-list",
        40,
        Match,
    ),
)


def match_menu_items() -> list[Callable[[], DeskMenuItem]]:
    """Makers of the entries, as Wagtail's hook takes them."""
    return [_maker(*item) for item in _ITEMS]


def _maker(
    label: Any, address: str, name: str, icon: str, order: int, model: type[Model]
) -> Callable[[], DeskMenuItem]:
    def make() -> DeskMenuItem:
        return DeskMenuItem(
            label,
            address,
            may_see=lambda user: has_right(user, "view", model),
            name=name,
            icon_name=icon,
            order=order,
        )

    return make
