"""Keys by which a source sends its records, or another reads it: made here, shown once, taken back."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from cms.desks import DeskView, Trail
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.sources.models import SharingAgreement, Source, SourceKind
from marketplace.sources.services.keys import create_key, create_reader_key, revoke_key

#: Where a new key waits for the page after the form, which shows and forgets it.
_NEW: Final = "new_source_key"


def keys_link(source: Source) -> str:
    """For the list of sources: how many keys work, and the way to them."""
    if source.kind != SourceKind.PUSH:
        return ""
    count = source.keys.usable().count()
    text = _("%(count)s khóa") % {"count": count}
    return format_html('<a href="{}">{}</a>', reverse("data_sources:keys", args=[source.pk]), text)


@method_decorator(never_cache, name="dispatch")
@method_decorator(idempotent, name="post")
class _KeysView(DeskView):
    """The keys of one owner: a source that sends, or an agreement to read."""

    of = Source
    seen_with = acted_with = "change"
    template_name = "cms/source_keys.html"
    header_icon = "key"
    list_name = ""
    list_label: Any = ""
    #: What the page says where there is none, and how a key is changed.
    none_yet: Any = ""
    guide = ""

    def owner(self, pk: int) -> Any:
        raise NotImplementedError

    def create(self, name: str) -> str:
        raise NotImplementedError

    def prepare(self) -> None:
        self.owned_by = self.owner(self.kwargs["pk"])

    def trail(self) -> Trail:
        return [(reverse(f"{self.list_name}:index"), self.list_label)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = self.request.session.pop(_NEW, None)
        return super().get_context_data(**kwargs) | {
            "owner": self.owned_by,
            "keys": self.owned_by.keys.select_related("created_by"),
            "new_key": new[1] if new and new[0] == self.request.path else "",
            "none_yet": self.none_yet,
            "guide": reverse(self.guide),
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if revoked := request.POST.get("revoke"):
                key = get_object_or_404(self.owned_by.keys, prefix=revoked.replace("\0", ""))
                revoke_key(key, by=request.user)
                messages.success(request, _("Đã thu hồi khóa; khóa này không mở được gì nữa."))
            elif name := request.POST.get("name", "").strip():
                request.session[_NEW] = [request.path, self.create(name)]
            else:
                messages.error(request, _("Hãy đặt tên gọi cho khóa, thí dụ tên máy chủ sẽ dùng."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(request.path)


class KeysView(_KeysView):
    page_title = gettext_lazy("Khóa gửi dữ liệu")
    list_name, list_label = "data_sources", gettext_lazy("Các nguồn dữ liệu")
    none_yet = gettext_lazy("Chưa có khóa nào; nguồn chưa gửi được gì.")
    guide = "api_pages:sending"

    def owner(self, pk: int) -> Source:
        return get_object_or_404(Source, pk=pk, kind=SourceKind.PUSH)

    def create(self, name: str) -> str:
        return create_key(self.owned_by, name=name, by=self.request.user)[1]


class ReaderKeysView(_KeysView):
    page_title = gettext_lazy("Khóa đọc dữ liệu")
    list_name, list_label = "sharing", gettext_lazy("Thỏa thuận chia sẻ")
    none_yet = gettext_lazy("Chưa có khóa nào; bên kia chưa đọc được gì.")
    guide = "api_pages:open_data"

    def owner(self, pk: int) -> SharingAgreement:
        return get_object_or_404(SharingAgreement.objects.select_related("source"), pk=pk)

    def create(self, name: str) -> str:
        return create_reader_key(self.owned_by, name=name, by=self.request.user)[1]


def reader_keys_link(agreement: SharingAgreement) -> str:
    count = agreement.keys.filter(revoked_at=None).count()
    text = _("%(count)s khóa") % {"count": count}
    return format_html('<a href="{}">{}</a>', reverse("sharing:keys", args=[agreement.pk]), text)
