"""Pages that exist in demo settings only: who can sign in, what was sent, how things look."""

import time
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from marketplace.demo import mailbox as sent_mails
from marketplace.demo.people import PASSWORD, PEOPLE, Person
from marketplace.demo.style_guide import style_guide

__all__ = ["mail", "mailbox", "style_guide", "welcome"]


@dataclass(frozen=True, slots=True)
class Shown:
    person: Person
    code: str


@login_not_required
def welcome(request: HttpRequest) -> HttpResponse:
    """Accounts, passwords and the second factor's code of this moment: known to everybody here."""
    people = [Shown(person, totp_code(person.totp_secret)) for person in PEOPLE]
    context = {"people": people, "password": PASSWORD}
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


def totp_code(secret: str) -> str:
    if not secret:
        return ""
    step = int(time.time()) // settings_period()
    return format_hotp_value(hotp_value(secret, step))


def settings_period() -> int:
    return int(getattr(settings, "MFA_TOTP_PERIOD", 30))
