"""Mails about the account itself: allauth sends them, the words are ours, in text and in HTML."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string
from django.utils import translation

from tests.accounts.test_allauth_catalogue import ALLAUTH

TEMPLATES = Path(settings.BASE_DIR) / "templates"
MAILS = sorted(
    path.relative_to(ALLAUTH / "templates").as_posix().removesuffix("_subject.txt")
    for part in ("account", "mfa")
    for path in (ALLAUTH / "templates" / part / "email").glob("*_subject.txt")
)
CODE_OR_LINK = {
    "account/email/account_already_exists": "https://san.example/dat-lai/x",
    "account/email/email_confirmation": "A1B2C3",
    "account/email/email_confirmation_signup": "A1B2C3",
    "account/email/login_code": "A1B2C3",
    "account/email/password_reset_code": "A1B2C3",
    "account/email/password_reset_key": "https://san.example/dat-lai/x",
    "account/email/unknown_account": "https://san.example/dang-ky/",
    "account/email/email_changed": "moi@congty.example",
    "account/email/email_deleted": "bo@congty.example",
}
CONTEXT = {
    "code": "A1B2C3",
    "email": "lan@congty.example",
    "from_email": "cu@congty.example",
    "to_email": "moi@congty.example",
    "deleted_email": "bo@congty.example",
    "activate_url": "https://san.example/xac-nhan/x",
    "password_reset_url": "https://san.example/dat-lai/x",
    "signup_url": "https://san.example/dang-ky/",
    "ip": "192.0.2.1",
    "user_agent": "Thử <b>nghiệm</b>",
    "timestamp": datetime(2026, 11, 23, 7, 5, tzinfo=UTC),
    "current_site": SimpleNamespace(name="san.example", domain="san.example"),
    "user": None,
    "request": None,
}


def rendered(name: str, suffix: str) -> str:
    with translation.override("vi"):
        return render_to_string(f"{name}_{suffix}", CONTEXT).strip()


@pytest.mark.parametrize("name", MAILS)
def test_every_mail_of_allauth_is_written_anew(name):
    for suffix in ("subject.txt", "message.txt", "message.html"):
        origin = Path(get_template(f"{name}_{suffix}").origin.name)
        assert origin.is_relative_to(TEMPLATES)


@pytest.mark.parametrize("name", MAILS)
def test_mail_is_vietnamese_and_says_what_to_do(name):
    subject = rendered(name, "subject.txt")
    assert subject
    assert "\n" not in subject
    for suffix in ("message.txt", "message.html"):
        body = rendered(name, suffix)
        assert CODE_OR_LINK.get(name, "14:05, 23/11/2026") in body
        assert "bạn" in body
        assert not {"you", "your", "please"} & set(body.replace("<", " ").split())


@pytest.mark.parametrize("name", MAILS)
def test_html_mail_escapes_what_strangers_send_and_text_does_not(name):
    html, text = rendered(name, "message.html"), rendered(name, "message.txt")
    assert "<b>" not in html
    assert "&lt;" not in text


def test_confirmation_without_a_code_gives_the_link():
    with translation.override("vi"):
        body = render_to_string(
            "account/email/email_confirmation_message.txt", CONTEXT | {"code": ""}
        )
    assert "https://san.example/xac-nhan/x" in body
