"""Links and codes that come by mail: used twice, too late, for somebody else. Each ends in words and changes nothing."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.account.forms import default_token_generator
from django.core import mail
from django.urls import reverse

from tests.factories.accounts import UserFactory, proved

pytestmark = pytest.mark.django_db
NEW = "hoa-xoan-ngoai-ngo-1975"
UNUSABLE = "Liên kết không đúng"


@pytest.fixture
def person():
    return proved(UserFactory(email="lan@example.vn"))


def link_for(client, person):
    mail.outbox.clear()
    client.post(reverse("account_reset_password"), {"email": person.email})
    (path,) = re.findall(r"https?://[^/\s]+(/\S*/key/\S+)", mail.outbox[-1].body)
    return path


def set_by(client, path, password=NEW):
    """Opens the link, which leads to an address without the key, and sends the form that stands there."""
    opened = client.get(path, follow=True)
    form = opened.request["PATH_INFO"]
    return opened, client.post(form, {"password1": password, "password2": password}, follow=True)


def test_link_sets_the_password_once(client, person):
    path = link_for(client, person)
    set_by(client, path)
    person.refresh_from_db()
    assert person.check_password(NEW)
    client.logout()

    opened, _sent = set_by(client, path, "mot-mat-khau-khac-1976")

    assert UNUSABLE in opened.content.decode()
    person.refresh_from_db()
    assert person.check_password(NEW)


@pytest.mark.parametrize("fault", ["expired", "foreign", "older"])
def test_link_that_is_not_good_says_so_and_changes_nothing(client, person, fault, monkeypatch):
    path = link_for(client, person)
    before = person.password
    if fault == "expired":
        late = datetime.now() + timedelta(days=4)  # noqa: DTZ005 - Django's own clock of tokens
        monkeypatch.setattr(type(default_token_generator), "_now", lambda self: late)
    elif fault == "foreign":
        other = proved(UserFactory(email="hoa@example.vn"))
        mine = re.search(r"/key/(\w+)-", path)[1]
        theirs = re.search(r"/key/(\w+)-", link_for(client, other))[1]
        path = path.replace(f"/key/{mine}-", f"/key/{theirs}-")
    else:
        person.set_password("doi-roi-2026-hoa-xoan")
        person.save()
        before = person.password

    opened, _sent = set_by(client, path)

    assert UNUSABLE in opened.content.decode()
    person.refresh_from_db()
    assert person.password == before


def test_code_of_another_browser_confirms_nothing(client, django_user_model):
    """A code belongs to the session that asked for it: forwarded, it is six letters."""
    sign_up = {"email": "moi@example.vn", "full_name": "Mai", "password1": NEW}
    client.post(reverse("account_signup"), sign_up)
    code = mail.outbox[-1].body.partition("để xác nhận:")[2].split()[0]
    elsewhere = type(client)()
    elsewhere.post(reverse("account_signup"), sign_up | {"email": "khac@example.vn"})

    answer = elsewhere.post(reverse("account_email_verification_sent"), {"code": code})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert (
        not django_user_model.objects.get(email="khac@example.vn").emailaddress_set.get().verified
    )
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert django_user_model.objects.get(email="moi@example.vn").emailaddress_set.get().verified
