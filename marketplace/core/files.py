"""Public uploads of the embedded size, served with headers that keep them from acting as pages."""

import mimetypes

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from marketplace.core.storage import public_storage


@login_not_required
def public_file(request: HttpRequest, name: str) -> HttpResponseBase:
    try:
        opened = public_storage().open(name)
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation) as error:
        raise Http404 from error
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(opened, content_type=kind, as_attachment=not kind.startswith("image/"))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
