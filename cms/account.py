"""A staff member's settings of the admin. Name, email, password and second factor are allauth's."""

from typing import Any

from wagtail.admin.views.account import AccountView, LocaleSettingsPanel, ThemeSettingsPanel
from wagtail.users.models import UserProfile


class StaffAccountView(AccountView):
    def get_panels(self) -> list[Any]:
        user = self.request.user
        profile = UserProfile.get_for_user(user)
        panels = [LocaleSettingsPanel(self.request, user, profile)]
        panels.append(ThemeSettingsPanel(self.request, user, profile))
        return [panel for panel in panels if panel.is_active()]
