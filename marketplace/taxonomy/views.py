from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from marketplace.core import clock
from marketplace.taxonomy.models import Crosswalk, Vocabulary


@login_not_required
@require_safe
def vocabulary_list(request: HttpRequest) -> HttpResponse:
    vocabularies = Vocabulary.objects.annotate(term_count=Count("terms"))
    return render(request, "taxonomy/vocabulary_list.html", {"vocabularies": vocabularies})


@login_not_required
@require_safe
def vocabulary_detail(request: HttpRequest, code: str) -> HttpResponse:
    vocabulary = get_object_or_404(Vocabulary, code=code)
    tree = vocabulary.terms.tree()
    editions = Vocabulary.objects.filter(scheme=vocabulary.scheme).exclude(pk=vocabulary.pk)
    crosswalks = Crosswalk.objects.filter(from_term__vocabulary=vocabulary).select_related(
        "from_term", "to_term__vocabulary"
    )
    return render(
        request,
        "taxonomy/vocabulary_detail.html",
        {
            "vocabulary": vocabulary,
            "tree": tree,
            "editions": editions,
            "crosswalks": crosswalks,
            "today": clock.today(),
        },
    )
