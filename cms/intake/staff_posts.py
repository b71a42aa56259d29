"""Staff post for a firm: the list, the page that begins one, the page of one."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from cms.finding import WordsFilter
from cms.intake.forms import StaffPostForm
from cms.lists import DayColumn, ListView, ListViewSet, OpeningColumn, OrderOfWork
from cms.notices import review_url
from cms.rights import has_right
from marketplace.accounts.fronts import front_of
from marketplace.accounts.models import Exchange, Organization, User
from marketplace.accounts.scopes import scope_of
from marketplace.accounts.services import find_or_create_organization
from marketplace.accounts.services.organizations import set_facts
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.listings import services, wizard
from marketplace.listings.models import LISTING_MODELS, StaffPost, StaffPostState
from marketplace.listings.staff_links import draft_of_post
from marketplace.taxonomy.labels import label


class StaffPostFilters(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Tình trạng"),
        choices=StaffPostState.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    words = WordsFilter("organization__name_folded", label=gettext_lazy("Tổ chức có chứa"))

    class Meta:
        model = StaffPost
        fields: ClassVar = ["state", "words"]


class StaffPostIndexView(OrderOfWork, ListView):
    list_display = (
        OpeningColumn("title", label=gettext_lazy("Tin"), accessor=draft_of_post),
        Column("organization", label=gettext_lazy("Tổ chức"), sort_key="organization__name"),
        Column(
            "state",
            label=gettext_lazy("Tình trạng"),
            accessor="get_state_display",
            sort_key="state",
        ),
        Column("by", label=gettext_lazy("Cán bộ đăng hộ"), sort_key="by__full_name"),
        DayColumn("created_at", label=gettext_lazy("Bắt đầu"), sort_key="created_at"),
    )

    def get_base_queryset(self) -> Any:
        rows = StaffPost.objects.curated_by(self.request.user)
        return rows.select_related("organization", "by").in_order_of_work()


class _Page(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    model = StaffPost
    header_icon = "edit"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("staff_posts:index"), "label": _("Đăng hộ doanh nghiệp")},
            {"url": "", "label": self.get_page_subtitle() or self.get_page_title()},
        ]


@method_decorator(idempotent, name="post")
class BeginView(_Page):
    permission_required = "add"
    template_name = "cms/intake/begin.html"

    @cached_property
    def kinds(self) -> list[str]:
        """Those whose listings the person may change: nobody writes what they may not read."""
        user = self.request.user
        return [kind for kind, model in LISTING_MODELS.items() if has_right(user, "change", model)]

    def form(self, posted: Any = None) -> StaffPostForm:
        return StaffPostForm(
            posted, kinds=self.kinds, initial={"kind": self.request.GET.get("loai", "need")}
        )

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                post = begin(form, by=request.user, exchange=front_of(request).exchange)
            except DomainError as error:
                form.add_error(None, str(error.message))
            else:
                first = wizard.STEPS[post.kind][0].slug
                messages.success(
                    request, _("Đã ghi sự đồng ý. Viết tin rồi gửi doanh nghiệp xác nhận.")
                )
                return redirect("listings:edit", post.kind, post.key, first)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.setdefault("form", self.form())
        return context

    def get_page_title(self) -> str:
        return _("Đăng hộ doanh nghiệp")


@transaction.atomic
def begin(form: StaffPostForm, *, by: User, exchange: Exchange) -> StaffPost:
    """The organisation that was meant, made where the exchange does not know it, and its post.

    Raises:
        DomainError: as `begin_staff_post`; or the firm lies outside the provinces of the person.
    """
    cleaned = form.cleaned_data
    organization = form.chosen or _made(cleaned, by=by)
    scope = scope_of(by, "listings.add_staffpost")
    if scope.is_narrowed and organization.province_code not in scope.provinces:
        raise DomainError(_("Tổ chức này không thuộc tỉnh bạn phụ trách."))
    consent = services.Consent(
        way=cleaned["way"],
        agreed_on=cleaned["agreed_on"],
        agreed_by=cleaned["agreed_by"],
        agreed_as=cleaned["agreed_as"],
        note=cleaned["note"],
        email=cleaned["email"],
        phone=cleaned["phone"],
    )
    return services.begin_staff_post(
        cleaned["kind"],
        organization=organization,
        consent=consent,
        text=cleaned["text"],
        by=by,
        exchange=exchange,
    )


def _made(cleaned: dict[str, Any], *, by: User) -> Organization:
    kind = cleaned["organization_kind"]
    organization = find_or_create_organization(cleaned["organization_name"], kind=kind)
    if not organization.province_code:
        set_facts(organization, by=by, province_code=cleaned["province_code"])
    return organization


@method_decorator(idempotent, name="post")
class StaffPostView(_Page):
    any_permission_required: ClassVar[set[str]] = {"view", "change"}
    template_name = "cms/intake/staff_post.html"
    kwargs: dict[str, Any]
    pk: Any = None

    @cached_property
    def row(self) -> StaffPost:
        right = "change" if self.request.method == "POST" else "view"
        rows = StaffPost.objects.curated_by(self.request.user, right)
        found: StaffPost = get_object_or_404(
            rows.select_related("organization", "by"), pk=self.kwargs["pk"]
        )
        return found

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        acts = {
            "ask": (services.ask_firm, _("Đã gửi lại thư xác nhận.")),
            "take_back": (
                services.take_back,
                _("Đã lấy về để sửa. Đường dẫn cũ không dùng được nữa."),
            ),
            "stop": (services.stop_staff_post, _("Đã thôi đăng hộ. Bản nháp được rút.")),
        }
        row = self.row
        act, told = acts.get(request.POST.get("action", ""), (None, ""))
        try:
            if act is None:
                raise DomainError(_("Không hiểu yêu cầu này."))
            act(row, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, told)
        return redirect(request.path)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        listing = row.listing
        writing = row.state == StaffPostState.WRITING
        return super().get_context_data(**kwargs) | {
            "post": row,
            "listing": listing,
            "title": draft_of_post(row),
            "kind": LISTING_MODELS[row.kind]._meta.verbose_name,
            "way": label(services.WAYS, row.way),
            "may_change": has_right(self.request.user, "change", StaffPost),
            "is_writing": writing,
            "is_asked": row.state == StaffPostState.ASKED,
            "may_take_back": row.state in ("asked", "rejected", "confirmed")
            and not (listing and listing.live),
            "may_stop": row.state in ("writing", "asked", "rejected"),
            "write_url": reverse(
                "listings:edit", args=[row.kind, row.key, wizard.STEPS[row.kind][0].slug]
            )
            if writing
            else "",
            "check_url": reverse("listings:review", args=[row.kind, row.key]) if writing else "",
            "review_url": review_url(listing) if listing is not None else "",
        }

    def get_page_title(self) -> str:
        return _("Tin đăng hộ")

    def get_page_subtitle(self) -> str:
        return draft_of_post(self.row)


class StaffPostViewSet(ListViewSet):
    model = StaffPost
    name = "staff_posts"
    url_prefix = "dang-ho"
    icon = "edit"
    menu_label = gettext_lazy("Đăng hộ doanh nghiệp")
    menu_name = "staff-posts-room"
    menu_order = 95
    add_to_admin_menu = True
    about = gettext_lazy(
        "Nhu cầu, công nghệ cán bộ ghi hộ từ cuộc gọi, lần gặp. Tin chỉ được duyệt và đăng khi doanh nghiệp"
        " xác nhận bằng đường dẫn trong thư."
    )
    nothing = gettext_lazy("Chưa có tin đăng hộ nào.")
    list_per_page = 30
    form_fields = ("note",)
    filterset_class = StaffPostFilters
    index_view_class = StaffPostIndexView

    @property
    def add_view(self) -> Any:
        return self.construct_view(BeginView)

    @property
    def edit_view(self) -> Any:
        return self.construct_view(StaffPostView)
