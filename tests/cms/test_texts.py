"""The admin speaks Vietnamese to our staff, and the catalogue fits the Wagtail that is installed."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

OURS = Path(settings.BASE_DIR) / "cms/locale/vi/LC_MESSAGES"
WAGTAIL = Path(find_spec("wagtail").origin).parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
#: Names of rights, which Wagtail makes up from their codes.
MADE_UP = {"Can lock", "Can publish", "Can resend", "Can unlock", "Can verify"}


def texts(path: Path):
    with path.open("rb") as source:
        return [message for message in read_po(source) if message.id]


def ids(message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def strings(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_text_of_ours_is_one_of_wagtails(domain):
    known = {
        ids(message)[0]
        for path in WAGTAIL.glob(f"**/locale/en/LC_MESSAGES/{domain}.po")
        for message in texts(path)
    }

    unknown = [ids(m)[0] for m in texts(OURS / f"{domain}.po") if ids(m)[0] not in known | MADE_UP]

    assert unknown == []


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_every_text_is_translated_with_its_placeholders(domain):
    for message in texts(OURS / f"{domain}.po"):
        allowed = set(PLACEHOLDER.findall(" ".join(ids(message))))
        for string in strings(message):
            assert string, message.id
            assert set(PLACEHOLDER.findall(string)) <= allowed, message.id


@pytest.mark.skipif(not (OURS / "django.mo").exists(), reason="the catalogues are not compiled")
@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("Save draft", "Lưu bản sửa"),
        ("Locked by you", "Bạn đang giữ"),
        ("Workflow history", "Lịch sử duyệt"),
        ("Toggle sidebar", "Mở hoặc thu thanh bên"),
    ],
)
def test_our_catalogue_wins_over_wagtails(english, vietnamese):
    with translation.override("vi"):
        assert gettext(english) == vietnamese
    with translation.override("en"):
        assert gettext(english) == english


@pytest.mark.skipif(not (OURS / "djangojs.mo").exists(), reason="the catalogues are not compiled")
def test_scripts_of_the_admin_get_our_texts(officer, as_user):
    page = as_user(officer).get("/admin/jsi18n/")

    assert json.dumps("Mở hoặc thu thanh bên") in page.content.decode()


def test_staff_who_chose_english_read_english(officer, as_user):
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(officer)
    profile.preferred_language = "en"
    profile.save()

    assert '<html lang="en"' in as_user(officer).get("/admin/").content.decode()
