"""What everybody may see: whether a certificate is real, and by which rules results are registered."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.registration import rules
from marketplace.registration.models import Certificate, FocalPoint, RuleBook
from marketplace.research.models import Result


@login_not_required
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the paper must say. Of a result that is not public yet, neither title nor people."""
    certificate = get_object_or_404(
        Certificate.objects.select_related("focal_point__organization", "dossier__organization"),
        code=code,
    )
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
