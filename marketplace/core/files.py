"""Public uploads of the embedded size, served with headers that keep them from acting as pages."""

import mimetypes

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from marketplace.core.storage import public_storage

#: Uploads of the exchange, and the pictures of the CMS; its documents leave through its own view.
PUBLIC_PATH = (
    r"^tep/(?P<name>[0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]{1,7}"
    r"|(?:original_)?images/[\w.-]+\.(?:webp|jpe?g|png|gif|avif))$"
)
# Said here: a bare machine has no table of its own, and Python's does not know all of them.
PICTURES = {
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".avif": "image/avif",
}


@login_not_required
@require_safe
def public_file(request: HttpRequest, name: str) -> HttpResponseBase:
    try:
        opened = public_storage().open(name)
    except (FileNotFoundError, IsADirectoryError, SuspiciousFileOperation, ValueError) as error:
        raise Http404 from error
    suffix = name[name.rfind(".") :].lower()
    kind = PICTURES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = FileResponse(opened, content_type=kind, as_attachment=suffix not in PICTURES)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
