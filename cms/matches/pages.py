"""Addresses and menu entries of the desks about matches."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem

from cms.matches.need import AddView, NeedMatchesView, SuppressView, UndoView
from cms.matches.needs import NeedListView
from cms.matches.reasons import ReasonsView
from cms.matches.waiting import StaffLookView, WaitingView
from cms.rights import has_right
from marketplace.matching.models import Match


def match_urls() -> list[URLPattern]:
    return [
        path("goi-y/", NeedListView.as_view(), name="match_desk"),
        path("goi-y/cho-gui/", WaitingView.as_view(), name="waiting_matches"),
        path("goi-y/ly-do/", ReasonsView.as_view(), name="pass_reasons"),
        path("goi-y/nhu-cau/<int:pk>/", NeedMatchesView.as_view(), name="need_matches"),
        path("goi-y/nhu-cau/<int:pk>/them/", AddView.as_view(), name="add_match"),
        path("goi-y/nhu-cau/<int:pk>/bo/", SuppressView.as_view(), name="suppress_matches"),
        path("goi-y/quyet-dinh/<int:pk>/hoan-tac/", UndoView.as_view(), name="undo_decision"),
        path("goi-y/to-chuc/<int:pk>/xem-truoc/", StaffLookView.as_view(), name="set_staff_look"),
    ]


class _MatchMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return has_right(request.user, "view", Match)


_ITEMS = (
    (gettext_lazy("Bàn gợi ý"), "match_desk", "match-desk", "link", 10),
    (gettext_lazy("Chờ xem trước khi gửi"), "waiting_matches", "waiting-matches", "time", 20),
    (gettext_lazy("Lý do bỏ qua gợi ý"), "pass_reasons", "pass-reasons", "clipboard-list", 40),
)


def match_menu_items() -> list[Callable[[], MenuItem]]:
    """Makers of the entries, as Wagtail's hook takes them."""
    return [_maker(*item) for item in _ITEMS]


def _maker(label: Any, address: str, name: str, icon: str, order: int) -> Callable[[], MenuItem]:
    def make() -> MenuItem:
        return _MatchMenuItem(label, reverse(address), name=name, icon_name=icon, order=order)

    return make
