"""One manner of doing something to a row: a rule that was not met is said, and the page is shown again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from marketplace.accounts.requests import SignedInRequest
from marketplace.core.errors import DomainError
from marketplace.deals.models import Deal, MemberRole
from marketplace.deals.models.deals import Standing


def do(request: SignedInRequest, act: Callable[[], object], *, said: str, to: Any) -> HttpResponse:
    """What is refused in the middle is undone whole: the page's own transaction would keep the half of it."""
    try:
        with transaction.atomic():
            act()
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, said)
    return redirect(to)


def send(
    request: SignedInRequest,
    form: Any,
    act: Callable[[], object],
    *,
    said: str,
    to: Any,
    again: Callable[[], HttpResponse],
) -> HttpResponse:
    """Does what a form asks for. Where it is filled in wrongly, or refused by a rule that only the act knows, its page
    comes `again` with all that was typed and says why; what was half done is undone, as by `do`. Where it leads may
    depend on what was made: then `to` is asked afterwards."""
    if form.is_valid():
        try:
            with transaction.atomic():
                act()
        except DomainError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, said)
            return redirect(to() if callable(to) else to)
    return again()


def deal_for(request: SignedInRequest, public_id: str, roles: frozenset[MemberRole]) -> Deal:
    """A deal in which the person has one of these roles; nobody else finds it."""
    standing = Standing(request.user)
    rows = Deal.objects.acted_on_by(request.user, roles, standing).with_sides()
    return standing_in(get_object_or_404(rows, public_id=public_id), standing)


def standing_in(found: Deal, standing: Standing) -> Deal:
    """The deal, in which what the reader is there has been asked already."""
    found.standing = standing
    return found


def side_or_404(deal: Deal, request: SignedInRequest) -> Any:
    """The organisation for which the person acts."""
    side = deal.side_of(request.user)
    if side is None:
        raise Http404
    return side
