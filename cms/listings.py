"""Listings in the Wagtail admin: one snippet view set a kind, in one group of the menu."""

from datetime import timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import WorkflowState
from wagtail.snippets.views import snippets

from cms.finding import WordsFilter, anywhere
from cms.lists import KeysFirstPaginator
from cms.models import ReviewTask
from cms.panels import edit_handler_of
from cms.queue import listings_in
from cms.review import AttachmentView, MatchesView, ReviewView
from cms.services import review_again
from marketplace.core import clock
from marketplace.listings.liveness import liveness_terms
from marketplace.listings.models import (
    LISTING_MODELS,
    Equipment,
    Listing,
    ListingStatus,
    Need,
    Service,
    TechnologyOffer,
    public_now,
    searched_titles,
)
from marketplace.listings.services import waiting_for_review, with_copies

S = WorkflowState


def _in_review(found: QuerySet, model: type[Listing]) -> QuerySet:
    return found.filter(pk__in=listings_in(model, statuses=[S.STATUS_IN_PROGRESS]))


def _like_another(found: QuerySet, model: type[Listing]) -> QuerySet:
    return found.filter(pk__in=with_copies(waiting_for_review(model), model.KIND).values("pk"))


def _returned(found: QuerySet, model: type[Listing]) -> QuerySet:
    return found.filter(pk__in=listings_in(model, statuses=[S.STATUS_NEEDS_CHANGES]))


def _shown(found: QuerySet, model: type[Listing]) -> QuerySet:
    return found.filter(public_now())


def _ended(found: QuerySet, model: type[Listing]) -> QuerySet:
    return found.filter(
        Q(expired=True) | Q(live=True, valid_until__lt=clock.today()), withdrawn_at=None
    )


def _suspended(found: QuerySet, model: type[Listing]) -> QuerySet:
    return found.filter(live=True, withdrawn_at=None).exclude(suspended_at=None)


def _ends_soon(found: QuerySet, model: type[Listing]) -> QuerySet:
    soon = clock.today() + timedelta(days=liveness_terms().ends_soon_days)
    return found.filter(public_now(), valid_until__lte=soon)


def _unconfirmed(found: QuerySet, model: type[Listing]) -> QuerySet:
    return found.filter(public_now()).exclude(asked_at=None)


def _withdrawn(found: QuerySet, model: type[Listing]) -> QuerySet:
    return found.exclude(withdrawn_at=None)


_STATES = {
    "in_review": (ListingStatus.IN_REVIEW.label, _in_review),
    "copies": (gettext_lazy("Chờ duyệt, giống tin khác"), _like_another),
    "returned": (ListingStatus.RETURNED.label, _returned),
    "published": (ListingStatus.PUBLISHED.label, _shown),
    "ends_soon": (gettext_lazy("Sắp hết hạn"), _ends_soon),
    "unconfirmed": (gettext_lazy("Chờ xác nhận còn đúng"), _unconfirmed),
    "suspended": (ListingStatus.SUSPENDED.label, _suspended),
    "expired": (ListingStatus.EXPIRED.label, _ended),
    "withdrawn": (ListingStatus.WITHDRAWN.label, _withdrawn),
}


class ListingFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=[(key, label) for key, (label, _narrow) in _STATES.items()],
        method="in_state",
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )
    step = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Đang chờ bước"),
        queryset=ReviewTask.objects.filter(active=True).order_by("pk"),
        method="at_step",
        empty_label=gettext_lazy("Tất cả"),
        widget=forms.RadioSelect,
    )
    words = django_filters.CharFilter(
        label=gettext_lazy("Tên hoặc số có chứa"), method="with_words"
    )
    organization = WordsFilter("organization__name_folded", label=gettext_lazy("Tổ chức có chứa"))
    submitted_at = django_filters.DateFromToRangeFilter(
        label=pgettext_lazy("lúc", "Gửi duyệt"),
        widget=DateRangePickerWidget,
    )

    def in_state(self, found: QuerySet, name: str, value: str) -> QuerySet:
        return _STATES[value][1](found, found.model)

    def at_step(self, found: QuerySet, name: str, value: ReviewTask) -> QuerySet:
        return found.filter(
            pk__in=listings_in(found.model, statuses=[S.STATUS_IN_PROGRESS], step=value)
        )

    def with_words(self, found: QuerySet, name: str, value: str) -> QuerySet:
        wanted = anywhere(value, "title_folded")
        digits = "".join(sign for sign in value if sign.isdigit())[:9]
        if digits:
            wanted |= Q(number=int(digits))
        return found.filter(wanted)


class StatusColumn(Column):
    cell_template_name = "cms/status_cell.html"

    def get_value(self, instance: Listing) -> str:
        return str(instance.status.label)

    def get_cell_context_data(self, instance: Listing, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        state = instance.current_workflow_state
        step = state.current_task_state if state and state.status == S.STATUS_IN_PROGRESS else None
        return context | {"status": instance.status, "step": step.task.name if step else ""}


class NewestTitleColumn(snippets.TitleColumn):
    """The title of the newest draft: of what is not live yet there is no other."""

    def get_value(self, instance: Listing) -> str:
        return instance.draft_title or str(instance)


class ListingIndexView(snippets.IndexView):
    paginator_class = KeysFirstPaginator

    def get_base_queryset(self) -> QuerySet:
        seen = self.model.objects.curated_by(self.request.user)
        return seen.select_related("organization").with_status()

    @cached_property
    def list_display(self) -> list[Any]:
        return [
            "__str__",
            Column("display_number", label=_("Số"), sort_key="number", classname="desk-number"),
            Column(
                "organization",
                label=pgettext("một tổ chức", "Tổ chức"),
                sort_key="organization__name",
            ),
            StatusColumn("status", label=_("Tình trạng")),
            DateColumn("submitted_at", label=pgettext("lúc", "Gửi duyệt"), sort_key="submitted_at"),
        ]

    @cached_property
    def columns(self) -> list[Any]:
        # No boxes for bulk actions: a listing is decided on one by one, and never deleted.
        first, *others = self.list_display
        return [self._get_title_column(first), *others]

    def _get_title_column(self, *args: Any, **kwargs: Any) -> Any:
        column_class = self._get_title_column_class(NewestTitleColumn)
        return column_class(
            "title", label=_("Tên"), get_url=self.get_edit_url, sort_key="draft_title"
        )

    def get_edit_url(self, instance: Listing) -> str:
        return review_page(instance)

    def get_list_more_buttons(self, instance: Listing) -> list[Any]:
        buttons = [
            Button(_("Đọc và duyệt"), url=review_page(instance), icon_name="view", priority=10),
            Button(
                _("Lịch sử"),
                url=reverse(url_name(self.model, "history"), args=[instance.pk]),
                icon_name="history",
                priority=20,
            ),
        ]
        if instance.is_public:
            buttons.append(
                Button(
                    _("Trang công khai"),
                    url=instance.get_absolute_url(),
                    icon_name="link-external",
                    priority=30,
                )
            )
        return buttons


class ListingEditView(snippets.EditView):
    """Where reviewers correct a submission for its poster. They decide on the review page.

    Wagtail's own buttons here would save a new revision before they act, and with it send every
    approval back to the first step; and they publish, submit and cancel past our services.
    """

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not self.can_correct():
            messages.warning(request, _("Chỉ sửa được bài đang chờ duyệt ở bước của nhóm bạn."))
            return redirect(review_page(self.object))
        return super().dispatch(request, *args, **kwargs)

    def can_correct(self) -> bool:
        task = self.current_workflow_task
        return bool(
            task and task.get_actions(self.object, self.request.user) and not self.locked_for_user
        )

    def get_available_actions(self) -> list[str]:
        return ["edit"]

    def form_valid(self, form: Any) -> Any:
        """Saves what was typed, unless somebody saved since the page was opened: then both stay, the newer
        one in the listing and what was typed in the form."""
        with transaction.atomic():
            rows = self.model.objects.select_for_update(of=("self",))
            newest = rows.values_list("latest_revision_id", flat=True).get(pk=self.object.pk)
            opened = self.request.POST.get("loaded_revision_id", "")
            if self.is_out_of_date or (opened and opened != str(newest)):
                self.produced_error_code = "invalid_revision"
                self.produced_error_message = _(
                    "Bài vừa được sửa ở nơi khác sau khi bạn mở trang này nên chưa lưu. Chép lại phần "
                    "bạn sửa, mở lại trang rồi sửa trên bản mới."
                )
                return self.form_invalid(form)
            return super().form_valid(form)

    @cached_property
    def overwrite_revision(self) -> None:
        """A revision that was read is never written over."""
        return

    def save_instance(self) -> Listing:
        listing = super().save_instance()
        rows, title = type(listing).objects.filter(pk=listing.pk), listing.title[:250]
        shown = rows.values_list("title", flat=True).get()
        rows.update(draft_title=title, title_folded=searched_titles(shown, title))
        if review_again(listing, by=self.request.user):
            messages.info(
                self.request, _("Bài đã sửa quay lại bước đầu, để mọi bước đều đọc đúng bản này.")
            )
        return listing

    def get_success_url(self) -> str:
        return review_page(self.object)

    def get_success_message(self, instance: Any = None) -> str:
        return _("Đã lưu bản sửa của “%(title)s”.") % {"title": self.object.title}

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [
            Button(_("Trang duyệt"), url=review_page(self.object), icon_name="view", priority=10)
        ]


class ListingHistoryView(snippets.HistoryView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        return [HeaderButton(_("Trang duyệt"), url=review_page(self.object), icon_name="view")]


class ToReviewView(View):
    """Wagtail's other doors to a decision lead to the one page where it is taken."""

    model: ClassVar[Any] = None
    #: Asked for by the view set, never rendered.
    template_name = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return redirect(review_page(get_object_or_404(self.model, pk=kwargs["pk"])))


class ListingViewSet(snippets.SnippetViewSet):
    list_per_page = 30
    ordering = ("-submitted_at", "-pk")
    #: Wagtail's own search would go on returning what was withdrawn; staff use the filters.
    search_fields: ClassVar[list[str]] = []
    copy_view_enabled = False
    add_to_admin_menu = False
    index_view_class = ListingIndexView
    edit_view_class = ListingEditView
    history_view_class = ListingHistoryView
    workflow_action_view_class = ToReviewView
    collect_workflow_action_data_view_class = ToReviewView
    confirm_workflow_cancellation_view_class = ToReviewView
    unpublish_view_class = ToReviewView
    revisions_unschedule_view_class = ToReviewView

    @cached_property
    def edit_handler(self) -> Any:
        return edit_handler_of(self.model.KIND)

    @cached_property
    def filterset_class(self) -> type[ListingFilters]:
        about = type("Meta", (), {"model": self.model, "fields": ()})
        return type(f"{self.model.__name__}Filters", (ListingFilters,), {"Meta": about})

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("review/<int:pk>/", self.construct_view(ReviewView), name="review"),
            path(
                "review/<int:pk>/matches/",
                self.construct_view(MatchesView),
                name="review_matches",
            ),
            path(
                "attachment/<int:pk>/<slug:stem>/",
                self.construct_view(AttachmentView),
                name="attachment",
            ),
        ]


def url_name(model: type[Listing], name: str) -> str:
    return f"wagtailsnippets_{model._meta.app_label}_{model._meta.model_name}:{name}"


def review_page(listing: Listing) -> str:
    return reverse(url_name(type(listing), "review"), args=[listing.pk])


class NeedViewSet(ListingViewSet):
    model = Need
    icon = "help"
    menu_label = gettext_lazy("Nhu cầu")
    base_url_path = "tin-dang/nhu-cau"


class OfferViewSet(ListingViewSet):
    model = TechnologyOffer
    icon = "pick"
    menu_label = gettext_lazy("Công nghệ")
    base_url_path = "tin-dang/cong-nghe"


class EquipmentViewSet(ListingViewSet):
    model = Equipment
    icon = "cogs"
    menu_label = gettext_lazy("Thiết bị")
    base_url_path = "tin-dang/thiet-bi"


class ServiceViewSet(ListingViewSet):
    model = Service
    icon = "group"
    menu_label = gettext_lazy("Dịch vụ")
    base_url_path = "tin-dang/dich-vu"


class ListingGroup(snippets.SnippetViewSetGroup):
    items = (NeedViewSet, OfferViewSet, EquipmentViewSet, ServiceViewSet)
    menu_label = gettext_lazy("Tin đăng")
    menu_name = "listings-room"
    menu_icon = "list-ul"
    menu_order = 100


assert set(LISTING_MODELS.values()) == {view_set.model for view_set in ListingGroup.items}
