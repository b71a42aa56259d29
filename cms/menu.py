"""The rooms of the admin's menu, by duty. A view set says by `menu_hook` in which of them it stands."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, SubmenuMenuItem

LISTINGS: Final = "register_listing_menu_item"
ORGANIZATIONS: Final = "register_organization_menu_item"
MATCHES: Final = "register_match_menu_item"
REGISTERS: Final = "register_record_menu_item"
SOURCES: Final = "register_source_menu_item"
REGISTRATION: Final = "register_registration_menu_item"

#: Hook, label, name, icon, order. Listings and registers are groups of view sets of their own.
_ROOMS: Final = (
    (ORGANIZATIONS, _("Tổ chức và liên hệ"), "organizations-room", "group", 110),
    (MATCHES, _("Gợi ý"), "matches-room", "link", 120),
    (SOURCES, _("Nguồn và dữ liệu đến"), "sources-room", "download", 140),
    (REGISTRATION, _("Đăng ký kết quả"), "registration-room", "form", 150),
)
_FILES: Final = frozenset({"images", "documents"})


def rooms() -> list[Any]:
    """Makers of the entries, as Wagtail's hook takes them."""
    return [_maker(*room) for room in _ROOMS]


def _maker(hook: str, label: Any, name: str, icon: str, order: int) -> Any:
    def make() -> SubmenuMenuItem:
        menu = Menu(register_hook_name=hook)
        return SubmenuMenuItem(label, menu, name=name, icon_name=icon, order=order)

    return make


def group_files(items: list[Any]) -> None:
    """Wagtail's pictures and documents stand together below the pages they are for."""
    files = [item for item in items if item.name in _FILES]
    if not files:
        return
    items[:] = [item for item in items if item.name not in _FILES]
    items.append(
        SubmenuMenuItem(
            _("Tệp của trang"), Menu(items=files), name="files-room", icon_name="image", order=300
        )
    )
