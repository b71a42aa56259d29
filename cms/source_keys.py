"""Keys by which a source sends its records: made here, shown once, taken back."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.sources.models import Source, SourceKey, SourceKind
from marketplace.sources.services.keys import create_key, revoke_key

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
class KeysView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "cms/source_keys.html"
    page_title = gettext_lazy("Khóa gửi dữ liệu")
    header_icon = "key"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_right(request.user, "change", Source):
            raise PermissionDenied
        self.source = get_object_or_404(Source, pk=kwargs["pk"], kind=SourceKind.PUSH)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("data_sources:index"), "label": _("Nguồn dữ liệu")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = self.request.session.pop(_NEW, None)
        shown = new[1] if new and new[0] == self.source.pk else ""
        return super().get_context_data(**kwargs) | {
            "source": self.source,
            "keys": self.source.keys.select_related("created_by"),
            "new_key": shown,
        }

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if revoked := request.POST.get("revoke"):
                key = get_object_or_404(
                    SourceKey, source=self.source, prefix=revoked.replace("\0", "")
                )
                revoke_key(key, by=request.user)
                messages.success(
                    request, _("Đã thu hồi khóa. Nguồn không gửi được bằng khóa này nữa.")
                )
            elif name := request.POST.get("name", "").strip():
                _key, text = create_key(self.source, name=name, by=request.user)
                request.session[_NEW] = [self.source.pk, text]
            else:
                messages.error(request, _("Hãy đặt tên gọi cho khóa, thí dụ tên máy chủ sẽ dùng."))
        except DomainError as error:
            messages.error(request, error.message)
        return redirect(request.path)
