"""Addresses for other systems and their makers; each says by itself that it is public."""

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.api.bulk.catalogue import LICENCE, catalogue, manifest
from marketplace.api.bulk.columns import DATASETS
from marketplace.api.keys import authenticated
from marketplace.api.kinds import KINDS
from marketplace.api.models import Export, KeyScope, PublishedRecord
from marketplace.api.oai.addresses import base_address, identifier
from marketplace.api.oai.provider import FORMATS, answer
from marketplace.api.push import A_MINUTE, BATCH
from marketplace.api.requests import BadRequest, bearer
from marketplace.api.samples import COLUMNS_OF, SAMPLE, SAMPLE_ID
from marketplace.core.storage import public_storage
from marketplace.sources.rules import rules
from marketplace.sources.services.keys import reader_key_of


@csrf_exempt  # reads only; the protocol asks by POST too
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """For everybody; who brings a reader's key is given the source of its agreement too. The key of an
    organisation opens nothing more, but has a rate of its own."""
    given = request.POST if request.method == "POST" else request.GET
    shared: tuple[str, ...] = ()
    if "Authorization" in request.headers:
        key = reader_key_of(bearer(request))
        if key is not None:
            shared = (key.agreement.source.slug,)
        elif refused := _refused(request):
            return refused
    return HttpResponse(
        answer({name: given.getlist(name) for name in given}, shared=shared),
        content_type="text/xml; charset=utf-8",
        headers={"Vary": "Authorization", "Cache-Control": "private" if shared else "public"},
    )


def _refused(request: HttpRequest) -> HttpResponse | None:
    """The answer to a key that is of no use here; None for the key of an organisation that is."""
    try:
        authenticated(request, KeyScope.RECORDS)
    except BadRequest as problem:
        refused = HttpResponse(
            str(problem.status), status=problem.status, content_type="text/plain"
        )
        if problem.status == 401:
            refused["WWW-Authenticate"] = "Bearer"
        if problem.status == 429:
            refused["Retry-After"] = "60"
        return refused
    return None


@login_not_required
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """For people: what can be taken away, and how programs read along."""
    last = PublishedRecord.objects.filter(is_deleted=False).order_by("-position").first()
    context = {
        "export": Export.objects.latest_made(),
        "datasets": DATASETS,
        "licence": LICENCE,
        "oai": base_address(),
        "formats": FORMATS,
        "example": identifier(last.kind, last.key) if last else "",
        "sets": [kind.cris_set for kind in KINDS.values()],
    }
    return render(request, "api/open_data.html", context)


@login_not_required
@require_safe
def sending(request: HttpRequest) -> HttpResponse:
    """For the data people of a ministry: how their database sends its records, with a record to try."""
    address = settings.PUBLIC_URL.rstrip("/") + reverse("api:push_batch")
    context = {
        "address": address,
        "source_address": settings.PUBLIC_URL.rstrip("/") + reverse("api:push_source"),
        "sample": json.dumps(SAMPLE, ensure_ascii=False, indent=1),
        "line": json.dumps({"identifier": SAMPLE_ID, "record": SAMPLE}, ensure_ascii=False),
        "identifier": SAMPLE_ID,
        "batch": BATCH,
        "a_minute": A_MINUTE,
        "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20,
        "columns": COLUMNS_OF,
        "rules": rules().values(),
        "crumbs": [(_("Dữ liệu mở"), reverse("api_pages:open_data"))],
    }
    return render(request, "api/sending.html", context)


@login_not_required
@require_safe
def data_catalogue(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        catalogue(Export.objects.latest_made()),
        content_type="application/ld+json",
        json_dumps_params={"ensure_ascii": False},
    )


@login_not_required
@require_safe
def file_manifest(request: HttpRequest) -> JsonResponse:
    return JsonResponse(manifest(_latest()), json_dumps_params={"ensure_ascii": False})


@login_not_required
@require_safe
def download(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file under the same address every day."""
    file = next((file for file in _latest().files if file["name"] == name), None)
    if file is None:
        raise Http404
    try:
        opened = public_storage().open(file["stored"])
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        opened, as_attachment=True, filename=name, content_type="application/gzip"
    )
    if not name.endswith(".gz"):
        response["Content-Type"] = file["media_type"]
    response["ETag"] = f'"{file["sha256"]}"'
    return response


def _latest() -> Export:
    export = Export.objects.latest_made()
    if export is None:
        raise Http404
    return export
