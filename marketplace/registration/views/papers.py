"""Files on their way out: by authority only, and never kept by what lies between."""

from django.core.files import File
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase

from marketplace.core.uploads import PDF
from marketplace.registration.models import Certificate, CertifiedCopy, DossierFile
from marketplace.registration.papers import copy_pdf

#: A checked PDF is shown within the desk's own page and nowhere else; it loads nothing.
_SHOWN = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_SEALED = "sandbox; default-src 'none'"


def dossier_file(file: DossierFile, *, shown: bool = False) -> HttpResponseBase:
    """The file as an attachment; `shown`: a sound PDF to be read in place."""
    inline = shown and file.content_type == PDF and not file.faults
    response = FileResponse(
        _opened(file.file),
        as_attachment=not inline,
        filename=file.display_name,
        content_type=file.content_type,
    )
    response["Content-Security-Policy"] = _SHOWN if inline else _SEALED
    if inline:
        response["X-Frame-Options"] = "SAMEORIGIN"
    return _private(response)


def certificate_file(certificate: Certificate) -> HttpResponseBase:
    if not certificate.file:
        raise Http404
    response = FileResponse(
        _opened(certificate.file),
        as_attachment=True,
        filename=f"giay-chung-nhan-{certificate.year}-{certificate.sequence}.pdf",
        content_type=PDF,
    )
    response["Content-Security-Policy"] = _SEALED
    return _private(response)


def copy_file(copy: CertifiedCopy) -> HttpResponseBase:
    response = HttpResponse(copy_pdf(copy), content_type=PDF)
    certificate = copy.certificate
    name = f"ban-sao-{certificate.year}-{certificate.sequence}-{copy.sequence}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = _SEALED
    return _private(response)


def stored_file(stored: File, *, name: str, content_type: str) -> HttpResponseBase:
    """A file of the private storage, as an attachment under the name it came with."""
    response = FileResponse(
        _opened(stored), as_attachment=True, filename=name, content_type=content_type
    )
    response["Content-Security-Policy"] = _SEALED
    return _private(response)


def made_file(data: bytes, *, name: str, content_type: str) -> HttpResponseBase:
    """A document made for this answer alone."""
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Security-Policy"] = _SEALED
    return _private(response)


def _opened(stored: File) -> File:
    try:
        return stored.storage.open(str(stored.name))
    except FileNotFoundError as error:
        raise Http404 from error


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["Cache-Control"] = "private, no-store"
    return response
