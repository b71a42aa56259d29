"""In the list of sources: what the last reading came to, and having a source read at once."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column

from cms.rights import has_right
from marketplace.core.errors import DomainError
from marketplace.core.idempotency import idempotent
from marketplace.sources.harvesting.asking import ask_reading, may_be_asked, waits_until
from marketplace.sources.harvesting.progress import Progress
from marketplace.sources.models import Source


class ReadingColumn(Column):
    cell_template_name = "cms/reading_cell.html"

    def get_value(self, instance: Source) -> str:
        return instance.last_problem

    def get_cell_context_data(self, instance: Source, parent_context: Any) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        progress = Progress.of(instance)
        may_read = may_be_asked(instance) and has_right(request.user, "change", Source)
        return context | {
            "source": instance,
            "csrf_token": get_token(request),
            "walk": progress.walk,
            "is_asked": bool(progress.asked_at),
            "waits_until": waits_until(instance),
            "run": instance.last_run,
            "may_read": may_read and progress.walk is None and not progress.asked_at,
        }


@method_decorator(idempotent, name="post")
class ReadNowView(View):
    http_method_names = ("post",)

    def post(self, request: Any, pk: int) -> HttpResponse:
        if not has_right(request.user, "change", Source):
            raise PermissionDenied
        source = get_object_or_404(Source, pk=pk)
        try:
            ask_reading(source, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(
                request,
                _("Đã ghi yêu cầu đọc “%(name)s”; việc bắt đầu trong vài phút.")
                % {"name": source.name},
            )
        return redirect("data_sources:index")
