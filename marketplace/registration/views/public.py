"""What everybody may see: whether a certificate is real, and by which rules results are registered."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from marketplace.registration import rules
from marketplace.registration.models import Certificate, FocalPoint, RuleBook
from marketplace.research.models import Result


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper must say. Of a result that is not public yet, neither title nor people."""
    certificate = (
        Certificate.objects.select_related("focal_point__organization", "dossier__organization")
        .filter(code=code)
        .first()
    )
    if certificate is None:
        return _asking_for_code(request, unknown=code)
    result = Result.objects.visible_to(request.user).filter(pk=certificate.result_id).first()
    response = render(
        request,
        "registration/verify.html",
        {"certificate": certificate, "printed": certificate.printed, "result": result},
    )
    # Whoever holds the paper may look; a search engine has no business with it.
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def verify_code(request: HttpRequest) -> HttpResponse:
    """For who has the paper but no camera: the code printed under the QR code is typed in."""
    code = slugify("".join(request.GET.get("ma", "").split()))
    return redirect("registration:verify", code) if code else _asking_for_code(request)


def _asking_for_code(request: HttpRequest, unknown: str = "") -> HttpResponse:
    response = render(
        request,
        "registration/verify_code.html",
        {"unknown": unknown},
        status=404 if unknown else 200,
    )
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    found = {kind: rules.book(kind) for kind in RuleBook.Kind.values}
    return render(
        request,
        "registration/rules.html",
        {
            "items": found[RuleBook.Kind.ITEMS],
            "deadlines": found[RuleBook.Kind.DEADLINES],
            "file_rules": found[RuleBook.Kind.FILE_RULES],
            "numbers": found[RuleBook.Kind.NUMBERS],
            "books": list(found.values()),
            "focal_points": FocalPoint.objects.active()
            .select_related("organization")
            .order_by("kind", "slug"),
        },
    )
