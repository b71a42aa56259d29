"""Old numbers that lead to a page, and files handed out to who may read them."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from marketplace.core import audit
from marketplace.research.models import Access, Attachment
from marketplace.research.numbers import LIMIT, results_numbered, tasks_numbered

_MOST = 50


@login_not_required
@require_GET
def result_numbered(request: HttpRequest, number: str) -> HttpResponse:
    """The result that has or had the number; all of them where sources gave one to several."""
    asked = number.replace("\0", "")[:LIMIT]
    found = list(results_numbered(asked).public().for_cards().newest_first()[:_MOST])
    return _led(request, found, asked)


@login_not_required
@require_GET
def task_numbered(request: HttpRequest, number: str) -> HttpResponse:
    asked = number.replace("\0", "")[:LIMIT]
    found = list(tasks_numbered(asked).public().for_cards().newest_first()[:_MOST])
    return _led(request, found, asked)


def _led(request: HttpRequest, found: list, asked: str) -> HttpResponse:
    if len(found) == 1:
        # Not for good: another record may get the number yet.
        return redirect(found[0])
    context = {"asked": asked, "records": found}
    return render(request, "research/numbered.html", context, status=200 if found else 404)


@login_not_required
@require_GET
def attachment(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The file itself, for who may read it; nobody else learns that it exists."""
    found = get_object_or_404(
        Attachment.objects.readable_by(request.user).exclude(file=""), public_id=public_id
    )
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if found.access != Access.OPEN:
        audit.record("attachment.read", f"attachment:{found.public_id}", by=request.user)
    response = FileResponse(
        opened,
        content_type=found.content_type or "application/octet-stream",
        as_attachment=True,
        filename=found.file_name or found.title,
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
