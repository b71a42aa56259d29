"""What the Wagtail admin shows our staff, and what of Wagtail's own it does not."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from cms.bulk import bulk_menu_item, bulk_urls
from cms.calendar_days import CalendarViewSet
from cms.cases import AssignmentRuleViewSet, CaseViewSet
from cms.claims import ClaimViewSet
from cms.codes import CodeViewSet
from cms.conflicts import conflict_menu_item, conflict_urls
from cms.connected_sites import ConnectedSiteViewSet
from cms.corrections import correction_urls
from cms.damaged import damaged_menu_item, damaged_urls
from cms.desk import OutreachViewSet
from cms.disputes import dispute_menu_item, dispute_urls
from cms.duplicates import MergeViewSet, PairViewSet
from cms.experts import expert_menu_item, expert_urls
from cms.focal_points import FocalPointViewSet
from cms.home import TodoPanel
from cms.imports import ImportViewSet
from cms.intake import StaffPostViewSet
from cms.join_requests import JoinRequestViewSet
from cms.listings import ListingGroup
from cms.matches import match_menu_items, match_urls
from cms.menu import MATCHES, ORGANIZATIONS, SOURCES, group_files, rooms
from cms.need_merges import need_merge_urls
from cms.organization_merges import merge_urls
from cms.organizations import OrganizationViewSet
from cms.outbox import DeadLetterViewSet
from cms.pages.links import OwnPageLinkHandler
from cms.pages.types.publication import SeriesPage
from cms.publications.log import SendingViewSet
from cms.publications.readers import refuse_others
from cms.reader_reports import report_menu_item, report_urls
from cms.reasons import ReasonViewSet
from cms.record_acts import record_urls
from cms.records import ApplicationViewSet, AttachmentViewSet, ResultViewSet
from cms.register_rules import (
    FormFieldViewSet,
    FormViewSet,
    FullTextRuleViewSet,
    NumberPatternViewSet,
)
from cms.registers import RegisterGroup
from cms.rematching import rematching_menu_item, rematching_urls
from cms.review_report import review_report_menu_item, review_report_urls
from cms.rule_books import RuleBookViewSet
from cms.search_index import index_menu_item, index_urls
from cms.sharing import AgreementViewSet
from cms.sites.exchanges import ExchangeViewSet
from cms.sources import SourceViewSet
from cms.splitting import split_urls
from cms.subject_requests import SubjectRequestViewSet
from cms.term_pairs import TermPairViewSet
from cms.typed_numbers import REFUSED
from cms.upkeep import upkeep_menu_item, upkeep_urls
from cms.vanished import vanished_menu_item, vanished_urls
from cms.verifications import VerificationViewSet
from cms.words import WordViewSet

#: Snippets have menus of their own here, and help leads off the site.
_NOT_OURS = {"snippets", "help"}
_NOT_OUR_SETTINGS = {"sites", "collections", "locales"}
_NOT_OUR_REPORTS = {"page-types-usage"}

register_snippet(ListingGroup)


@hooks.register("register_admin_viewset")
def register_view_sets() -> list[Any]:
    return [
        CaseViewSet(),
        AssignmentRuleViewSet(),
        StaffPostViewSet(),
        OutreachViewSet(),
        OrganizationViewSet(),
        DeadLetterViewSet(),
        JoinRequestViewSet(),
        VerificationViewSet(),
        ClaimViewSet(),
        ConnectedSiteViewSet(),
        ImportViewSet(),
        SourceViewSet(),
        AgreementViewSet(),
        CodeViewSet(),
        PairViewSet(),
        MergeViewSet(),
        ResultViewSet(),
        ApplicationViewSet(),
        AttachmentViewSet(),
        RegisterGroup(),
        FocalPointViewSet(),
        RuleBookViewSet(),
        FormViewSet(),
        FormFieldViewSet(),
        NumberPatternViewSet(),
        FullTextRuleViewSet(),
        CalendarViewSet(),
        ReasonViewSet(),
        ExchangeViewSet(),
        WordViewSet(),
        TermPairViewSet(),
        SubjectRequestViewSet(),
        SendingViewSet(),
    ]


@hooks.register("register_admin_urls")
def index_pages() -> list[Any]:
    return index_urls()


@hooks.register("register_admin_urls")
def pages_of_sources() -> list[Any]:
    return [
        *conflict_urls(),
        *correction_urls(),
        *damaged_urls(),
        *vanished_urls(),
        *rematching_urls(),
        *record_urls(),
        *merge_urls(),
        *need_merge_urls(),
        *split_urls(),
        *upkeep_urls(),
        *report_urls(),
        *dispute_urls(),
        *bulk_urls(),
        *review_report_urls(),
    ]


@hooks.register("register_admin_menu_item")
def several_in_the_menu() -> MenuItem:
    return bulk_menu_item()


@hooks.register("register_reports_menu_item")
def review_report_in_the_menu() -> MenuItem:
    return review_report_menu_item()


@hooks.register("register_reports_menu_item")
def reader_reports_in_the_menu() -> MenuItem:
    return report_menu_item()


@hooks.register("register_reports_menu_item")
def disputes_in_the_menu() -> MenuItem:
    return dispute_menu_item()


@hooks.register("register_reports_menu_item")
def upkeep_in_the_menu() -> MenuItem:
    return upkeep_menu_item()


@hooks.register("register_admin_urls")
def pages_of_experts() -> list[Any]:
    return expert_urls()


@hooks.register(ORGANIZATIONS)
def experts_in_the_menu() -> MenuItem:
    return expert_menu_item()


for _make_room in rooms():
    hooks.register("register_admin_menu_item", _make_room)


@hooks.register("register_admin_urls")
def pages_of_matches() -> list[Any]:
    return match_urls()


for _make_item in match_menu_items():
    hooks.register(MATCHES, _make_item)


@hooks.register(SOURCES)
def conflicts_in_the_menu() -> MenuItem:
    return conflict_menu_item()


@hooks.register(SOURCES)
def vanished_in_the_menu() -> MenuItem:
    return vanished_menu_item()


@hooks.register(SOURCES)
def damaged_texts_in_the_menu() -> MenuItem:
    return damaged_menu_item()


@hooks.register("register_reports_menu_item")
def index_in_the_reports() -> MenuItem:
    return index_menu_item()


@hooks.register("register_reports_menu_item")
def rematching_in_the_reports() -> MenuItem:
    return rematching_menu_item()


@hooks.register("construct_homepage_panels")
def what_waits(request: Any, panels: list[Any]) -> None:
    panels[:] = [TodoPanel()]


@hooks.register("construct_homepage_summary_items")
def no_page_counts(request: Any, items: list[Any]) -> None:
    items.clear()


@hooks.register("construct_main_menu")
def trim_main_menu(request: Any, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in _NOT_OURS]
    group_files(items)


@hooks.register("construct_settings_menu")
def trim_settings(request: Any, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in _NOT_OUR_SETTINGS]


@hooks.register("construct_reports_menu")
def trim_reports(request: Any, items: list[Any]) -> None:
    items[:] = [item for item in items if item.name not in _NOT_OUR_REPORTS]


@hooks.register("register_admin_menu_item")
def public_site() -> MenuItem:
    # A full address: the menu takes "/" for a part of every address and marks it as current.
    url = f"{settings.PUBLIC_URL.rstrip('/')}/"
    return MenuItem(_("Trang công khai"), url, name="public-site", icon_name="globe", order=9999)


# First of all: no other hook answers for a page that is not the reader's.
hooks.register("before_serve_page", refuse_others, order=-100)


@hooks.register("construct_snippet_action_menu")
def decide_on_the_review_page(items: list[Any], request: Any, context: Any) -> None:
    """The editor only saves: every other button of it would act past the review page."""
    items[:] = [item for item in items if item.name in ("action-save", "action-locked")]


@hooks.register("construct_page_action_menu")
def a_new_issue_is_not_published(items: list[Any], request: Any, context: Any) -> None:
    """It goes through its chain first; on the page of a new one Wagtail asks the series alone."""
    if context["view"] == "create" and isinstance(context["parent_page"], SeriesPage):
        items[:] = [item for item in items if item.name not in ("action-publish", "action-submit")]


@hooks.register("insert_global_admin_css")
def desk_styles() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/desk.css"))


@hooks.register("insert_global_admin_js")
def numbers_that_lists_do_not_ask_for() -> SafeString:
    return format_html(
        '<script src="{}" data-refused="{}"></script>', static("cms/typed_numbers.js"), REFUSED
    )


# After Wagtail's own, which is registered when its app is reached and has the same name.
@hooks.register("register_rich_text_features", order=100)
def own_links(features: Any) -> None:
    features.register_link_type(OwnPageLinkHandler)


@hooks.register("register_permissions")
def own_rights() -> QuerySet[Permission]:
    """Rights that are no right of a snippet, for the page where groups are edited."""
    return Permission.objects.filter(
        Q(content_type__app_label="accounts", codename__in=_ACCOUNT_RIGHTS)
        | Q(
            content_type__app_label="notifications",
            codename__in=("view_delivery", "resend_delivery"),
        )
        | Q(content_type__app_label="cms", codename="view_issuesending")
        | Q(content_type__app_label="cases", codename__in=_CASE_RIGHTS)
        | Q(content_type__app_label="sources", codename__in=_SOURCE_RIGHTS)
        | Q(content_type__app_label="research", codename__in=_REGISTER_RIGHTS)
        | Q(content_type__app_label="matching", codename__in=_MATCH_RIGHTS)
        | Q(content_type__app_label="search", codename__in=("view_indexrun", "add_indexrun"))
        | Q(
            content_type__app_label="matching",
            codename__in=("view_rematching", "change_rematching"),
        )
        | Q(
            content_type__app_label="taxonomy",
            codename__in=(
                "view_word",
                "add_word",
                "change_word",
                "view_unresolvedcode",
                "change_unresolvedcode",
            ),
        )
        | Q(
            content_type__app_label="sources",
            codename__in=("view_linkpair", "change_linkpair", "view_merge", "change_merge"),
        )
        | Q(
            content_type__app_label="registration",
            codename__in=[
                f"{right}_{name}"
                for name in ("focalpoint", "rulebook")
                for right in ("view", "add", "change")
            ],
        )
        | Q(
            content_type__app_label="taxonomy",
            codename__in=("view_calendarday", "add_calendarday", "change_calendarday"),
        )
        | Q(
            content_type__app_label="listings",
            codename__in=(
                "view_returnreason",
                "add_returnreason",
                "change_returnreason",
                "view_listingreport",
                "change_listingreport",
                "view_staffpost",
                "add_staffpost",
                "change_staffpost",
            ),
        )
    )


_CASE_RIGHTS = (
    "view_case",
    "change_case",
    "view_assignmentrule",
    "add_assignmentrule",
    "change_assignmentrule",
    "delete_assignmentrule",
)
_SOURCE_RIGHTS = (
    "view_run",
    "view_source",
    "add_source",
    "change_source",
    "view_sharingagreement",
    "add_sharingagreement",
    "change_sharingagreement",
    "view_conflict",
    "change_conflict",
    "view_correction",
    "add_correction",
)
_MATCH_RIGHTS = (
    "view_match",
    "change_match",
    "view_judgingpool",
    "add_judgingpool",
    "change_judgingpool",
)
_ACCOUNT_RIGHTS = (
    "view_organization",
    "change_organization",
    "verify_organization",
    "view_outreach",
    "change_outreach",
    "view_verification",
    "view_claimrequest",
    "view_exchange",
    "add_exchange",
    "change_exchange",
)
_REGISTER_RIGHTS = (
    "view_task",
    "add_task",
    "change_task",
    "view_programme",
    "add_programme",
    "change_programme",
    "view_person",
    "change_person",
    "view_attachment",
    "change_attachment",
    "view_result",
    "change_result",
    "view_application",
    "change_application",
    *(
        f"{right}_{name}"
        for name in ("form", "formfield", "numberpattern", "fulltextrule")
        for right in ("view", "add", "change")
    ),
)
