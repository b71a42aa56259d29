"""The public page on how good matching is."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.matching import published
from marketplace.matching.models import LiveQuality


@login_not_required
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    releases = published.releases()
    days = list(LiveQuality.objects.order_by("-day")[: published.DAYS])[::-1]
    return render(
        request,
        "matching/quality.html",
        {
            "release": releases[-1] if releases else None,
            "releases": releases[::-1],
            "ranking_points": published.plotted(
                [(one.version, one.own.ndcg if one.own else None) for one in releases]
            ),
            "today": days[-1] if days else None,
            "days": days[::-1][:30],
            "sdme_points": published.plotted([(f"{one.day:%d/%m}", one.sdme) for one in days]),
        },
    )
