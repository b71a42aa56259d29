"""Forms of a dossier to print: for the organisation, and for the focal point that received it."""

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.printing import PrintingUnavailable
from marketplace.core.uploads import PDF
from marketplace.registration.documents import DOCX
from marketplace.registration.form_papers import form_document, form_pdf
from marketplace.registration.models import Dossier
from marketplace.registration.views import papers
from marketplace.registration.views.desk import desk_view

_MAKERS = {"pdf": (form_pdf, PDF), "docx": (form_document, DOCX)}


@require_safe
def mine(request: SignedInRequest, public_id: str, form: str, suffix: str) -> HttpResponseBase:
    dossiers = Dossier.objects.visible_to(request.user).select_related("organization")
    return _made(request, get_object_or_404(dossiers, public_id=public_id), form, suffix)


@require_safe
@desk_view
def at_desk(request: SignedInRequest, public_id: str, form: str, suffix: str) -> HttpResponseBase:
    dossiers = Dossier.objects.at_desk(request.user).select_related("organization")
    return _made(request, get_object_or_404(dossiers, public_id=public_id), form, suffix)


def _made(request: SignedInRequest, dossier: Dossier, form: str, suffix: str) -> HttpResponseBase:
    if suffix not in _MAKERS:
        raise Http404
    make, content_type = _MAKERS[suffix]
    try:
        data = make(dossier, form)
    except KeyError as error:
        raise Http404 from error
    except PrintingUnavailable as error:
        messages.warning(request, str(error.message))
        return redirect(dossier)
    name = f"{form}-{dossier.public_id}.{suffix}"
    return papers.made_file(data, name=name, content_type=content_type)
