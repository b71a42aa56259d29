from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.admin.apps import WagtailAdminAppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class CmsConfig(AppConfig):
    default = True
    name = "cms"
    verbose_name = _("Ban biên tập")

    def ready(self) -> None:
        from cms.notices import register_notices
        from cms.pages.answers import AnswerListView
        from cms.pages.forgetting import register_forgetting
        from cms.pages.search import register_pages
        from cms.pages.types.form import FormPage
        from cms.publications.notices import register_publication_notices
        from cms.rights import register_policies
        from cms.sites.fronts import SiteFronts
        from cms.sites.narrowing import narrowed_to_site
        from marketplace.accounts.fronts import register_fronts
        from marketplace.registration.models import Dossier
        from marketplace.sources.linking.attachments import register_rows
        from search.narrowed import register_narrowing

        register_policies()
        # Registration and sources know nothing of each other.
        register_rows("task", Dossier)
        register_pages()
        register_forgetting()
        FormPage.submissions_list_view_class = AnswerListView
        register_fronts(SiteFronts())
        register_narrowing(narrowed_to_site)
        register_notices()
        register_publication_notices()


class AdminConfig(WagtailAdminAppConfig):
    """The Wagtail admin without its workflow mails: `notifications` is the only sender of business mail."""

    def ready(self) -> None:
        super().ready()
        from wagtail.models import TaskState, WorkflowState
        from wagtail.signals import (
            task_submitted,
            workflow_approved,
            workflow_rejected,
            workflow_submitted,
        )

        for signal, sender, name in (
            (task_submitted, TaskState, "group_approval_task_submitted"),
            (workflow_submitted, WorkflowState, "workflow_state_submitted"),
            (workflow_rejected, WorkflowState, "workflow_state_rejected"),
            (workflow_approved, WorkflowState, "workflow_state_approved"),
        ):
            known = signal.disconnect(sender=sender, dispatch_uid=f"{name}_email_notification")
            if not known:
                raise RuntimeError(f"Wagtail no longer sends its mails by {name}: look how it does")


class UsersConfig(WagtailUsersAppConfig):
    """User management for staff accounts alone."""

    user_viewset = "cms.users.StaffViewSet"

    def ready(self) -> None:
        from django.contrib.auth.models import Group
        from wagtail.permissions import register_permission_policy

        from cms.rights import UndeletedPolicy
        from marketplace.accounts.models import User

        register_permission_policy(User, UndeletedPolicy(User))
        register_permission_policy(Group)
