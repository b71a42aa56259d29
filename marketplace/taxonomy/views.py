from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.taxonomy.models import CrosswalkTable, Term, Vocabulary
from marketplace.taxonomy.translating import Translation, translate_code

PAIRS_A_PAGE = 100


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
            "crosswalks": CrosswalkTable.objects.filter(
                Q(from_vocabulary=vocabulary) | Q(to_vocabulary=vocabulary)
            ),
            "crumbs": [_vocabularies_crumb()],
        },
    )


@login_not_required
@require_safe
def crosswalk_list(request: HttpRequest) -> HttpResponse:
    tables = CrosswalkTable.objects.select_related("from_vocabulary", "to_vocabulary").annotate(
        pair_count=Count("pairs")
    )
    context = {"tables": tables, "crumbs": [_vocabularies_crumb()]}
    return render(request, "taxonomy/crosswalk_list.html", context)


@login_not_required
@require_safe
def crosswalk_detail(request: HttpRequest, code: str) -> HttpResponse:
    """A table of pairs, and what one old code or name has become."""
    rows = CrosswalkTable.objects.select_related("from_vocabulary", "to_vocabulary")
    table = get_object_or_404(rows, code=code)
    asked = request.GET.get("tra", "").replace("\0", "").strip()[:100]
    pairs = table.pairs.select_related("from_term", "to_term").order_by(
        "from_term__position", "from_term__code", "to_term__code"
    )
    context = {
        "table": table,
        "page": Paginator(pairs, PAIRS_A_PAGE).get_page(request.GET.get("page")),
        "asked": asked,
        "answer": _answer(table, asked) if asked else None,
        "crumbs": [
            _vocabularies_crumb(),
            (_("Chuyển đổi mã"), reverse("taxonomy:crosswalks")),
        ],
    }
    return render(request, "taxonomy/crosswalk_detail.html", context)


def _answer(table: CrosswalkTable, asked: str) -> tuple[Translation, list[Term]]:
    found = translate_code(table.from_vocabulary.code, asked, to=table.to_vocabulary.code)
    codes = [found.code] if found.code else [*found.candidates, found.above]
    return found, list(table.to_vocabulary.terms.filter(code__in=codes))


def _vocabularies_crumb() -> tuple[str, str]:
    return _("Danh mục dùng chung"), reverse("taxonomy:vocabularies")


def _below(term: Term) -> list[Term]:
    """What stands under a term, in reading order."""
    return [below for branch in term.branches for below in (branch, *_below(branch))]
