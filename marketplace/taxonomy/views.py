from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.taxonomy.models import Term, Vocabulary


@login_not_required
@require_safe
def vocabulary_list(request: HttpRequest) -> HttpResponse:
    vocabularies = Vocabulary.objects.annotate(term_count=Count("terms")).order_by(
        "position", "code"
    )
    return render(request, "taxonomy/vocabulary_list.html", {"vocabularies": vocabularies})


@login_not_required
@require_safe
def vocabulary_detail(request: HttpRequest, code: str) -> HttpResponse:
    vocabulary = get_object_or_404(Vocabulary, code=code)
    roots = vocabulary.terms.all().tree()
    used = Vocabulary.objects.usable(vocabulary.scheme).first()
    return render(
        request,
        "taxonomy/vocabulary_detail.html",
        {
            "vocabulary": vocabulary,
            "groups": [(root, _below(root)) for root in roots],
            "is_flat": not any(root.branches for root in roots),
            "flat": roots,
            "used": used,
            "is_used": used == vocabulary,
            "editions": Vocabulary.objects.filter(scheme=vocabulary.scheme).exclude(
                pk=vocabulary.pk
            ),
            "crumbs": [(_("Danh mục dùng chung"), reverse("taxonomy:vocabularies"))],
        },
    )


def _below(term: Term) -> list[Term]:
    """What stands under a term, in reading order."""
    return [below for branch in term.branches for below in (branch, *_below(branch))]
