"""Pages that exist in demo settings only: who can sign in, what was sent, how things look."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from marketplace.accounts.fronts import all_fronts
from marketplace.demo import mailbox as sent_mails
from marketplace.demo.people import PASSWORD, PEOPLE, Person
from marketplace.demo.style_guide import style_guide
from marketplace.demo.totp import code_now

__all__ = ["mail", "mailbox", "style_guide", "welcome"]


@dataclass(frozen=True, slots=True)
class Shown:
    person: Person
    code: str


@login_not_required
def welcome(request: HttpRequest) -> HttpResponse:
    """Accounts, passwords and the second factor's code of this moment: known to everybody here."""
    people = [Shown(person, code_now(person.totp_secret)) for person in PEOPLE]
    fronts = all_fronts()
    context = {"people": people, "password": PASSWORD, "fronts": fronts if len(fronts) > 1 else []}
    return render(request, "demo/welcome.html", context)


@login_not_required
def mailbox(request: HttpRequest) -> HttpResponse:
    to = request.GET.get("to", "")
    context = {"mails": sent_mails.newest(to=to), "to": to, "people": PEOPLE}
    return render(request, "demo/mailbox.html", context)


@login_not_required
def mail(request: HttpRequest, key: str) -> HttpResponse:
    found = sent_mails.one(key)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})
