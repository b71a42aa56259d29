"""Panels that pages of lower apps show: the matches of a need, figures of a listing."""

from typing import Any

from django import template

from marketplace.accounts.models import Organization
from marketplace.listings.models import Listing, Need
from marketplace.matching import passes, queries
from marketplace.matching.explanations import (
    card,
    left_out,
    named,
    nearest,
    reasons,
    searched_words,
)
from marketplace.matching.models import Interest, Match, Side
from marketplace.matching.previewing import alike_needs, preview_need
from marketplace.research.models import Result
from search.engines import SearchUnavailable
from search.engines.base import one_page

register = template.Library()
NEEDS_OF_A_RESULT = 5


@register.inclusion_tag("matching/need_panel.html", takes_context=True)
def need_matches(context: template.Context, need: Need) -> dict[str, Any]:
    """The matches of a need, for its owner's people and staff; others get nothing at all.

    An organisation whose own result or listing was matched sees that one match.
    """
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or context.get("is_preview"):
        return {"may_see": False}
    whole = queries.sees_whole_list(user, need)
    # Before the list: both are written at once, and a list read before the first run ended would stand as
    # its end, nothing found.
    run = queries.run_of(need) if whole else None
    matches = list(Match.objects.shown_to(user).filter(need=need).with_candidates())
    if not whole and not matches:
        return {"may_see": False}
    rows = named(
        [
            *(one for match in matches for one in match.explanation.get("similar", ())),
            *((*run.left_out, *run.nearest) if run else ()),
        ]
    )
    shown = [card(match, rows) for match in matches if match.passed_at is None]
    passed = [card(match, rows) for match in matches if match.passed_at is not None]
    held = Match.objects.held().filter(need=need).count() if whole else 0
    if not whole:
        _supply_answers(shown, user)
    # Who reads the list without acting for the need, as a broker that may only read, gets no buttons.
    answers = whole and Need.objects.editable_by(user).filter(pk=need.pk).exists()
    return {
        "may_see": True,
        "held": held,
        "may_pass_many": bool(shown) and answers,
        "need_actions": "matching/_actions.html" if answers else "matching/_reading.html",
        "passed_actions": "matching/_passed_actions.html" if answers else "",
        "whole": whole,
        "need": need,
        "run": run,
        "good": sum(one["is_good_enough"] and not one["is_under_way"] for one in shown),
        "cards": [one for one in shown if not one["is_under_way"]] if whole else shown,
        "under_way": [one for one in shown if one["is_under_way"]] if whole else [],
        "searched": searched_words(run.searched) if run else "",
        "passed": passed if whole else [],
        "left_out": left_out(run, rows) if run else [],
        # What is listed meanwhile, by the word of staff, leaves nothing to be near.
        "nearest": nearest(run, rows) if run and not shown else [],
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


def _supply_answers(cards: list[dict[str, Any]], user: Any) -> None:
    """The buttons of the supplying side, on the cards of matches that the person may answer."""
    pks = [one["match"].pk for one in cards]
    mine = set(
        passes.answerable_for_supply(Match.objects.filter(pk__in=pks), user).values_list(
            "pk", flat=True
        )
    )
    for one in cards:
        if one["match"].pk in mine:
            one["actions"] = "matching/_supply_actions.html"
            one["passed"] = one["match"].pass_of(Side.SUPPLY)


@register.inclusion_tag("matching/result_needs.html", takes_context=True)
def result_needs(context: template.Context, result: Result) -> dict[str, Any]:
    """On a result's page: the open needs that it could meet and why. Readers who may see no match
    get the way to the field's open needs instead."""
    matches = queries.open_needs_for(result, context["request"].user, NEEDS_OF_A_RESULT)
    shown = [
        {"match": match, "need": match.need, "reasons": reasons(match)} for match in matches or ()
    ]
    return {
        "may_see": matches is not None,
        "matches": shown,
        "field": result.field_codes[0] if result.field_codes else "",
    }


@register.inclusion_tag("matching/need_preview.html", takes_context=True)
def need_preview(context: template.Context, need: Need) -> dict[str, Any]:
    """Beside the form of a need: what it would find now, by which words, and needs like it.

    For those who edit the need; the view that shows the form has made sure of that.
    """
    try:
        with one_page():
            return {
                "preview": preview_need(need),
                "alike": alike_needs(need, context["request"].user),
            }
    except SearchUnavailable:
        return {"preview": None, "alike": []}


@register.simple_tag
def match_figures(listing: Listing) -> queries.Figures:
    """How often a listing was matched, at which best rank, opened and passed by reason."""
    return queries.figures_of(listing)


@register.simple_tag(takes_context=True)
def needs_for_us(context: template.Context, limit: int = 5) -> list[queries.Answerable]:
    """Open needs that the person's organisations could meet, the best first."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return []
    return queries.answers_to(queries.answerable_needs(request.user)[:limit], request.user)


@register.inclusion_tag("matching/_my_interests.html", takes_context=True)
def my_interests(context: template.Context, limit: int = 5) -> dict[str, Any]:
    """What the person's organisations look for, with how much is found now, for the dashboard."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return {"interests": []}
    # Of one's own alone: staff who read matches see those of everybody on their pages.
    mine = Interest.objects.filter(organization__memberships__user=request.user)
    return {"interests": list(mine.visible_to(request.user).with_found()[:limit])}


@register.inclusion_tag("matching/_staff_look.html", takes_context=True)
def staff_look(context: template.Context, organization: Organization) -> dict[str, Any]:
    """Whether staff look at an organisation's matches before they go out, with the button to change it."""
    return {
        "organization": organization,
        "wanted": organization.staff_look_first,
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }
