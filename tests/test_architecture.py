"""Rules of the house that a machine can hold: who may open what, what a template may hold, where things lie."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from marketplace.core.models import StagedQuerySet, Versioned
from tests.addresses import addresses

ROOT = Path(__file__).resolve().parent.parent
OURS = ("marketplace", "search", "cms")


@cache
def tracked() -> tuple[str, ...]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        pytest.skip("not a git checkout")
    return tuple(name for name in run.stdout.split("\0") if name and (ROOT / name).is_file())


def text_of(name):
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


# --- who may open what --------------------------------------------------------------------------

#: Every page that answers without a login. Whoever adds one decides it here.
PUBLIC = {
    "accounts:claim",
    "accounts:organization",
    "accounts:organization_list",
    "api:catalogue",
    "api:download",
    "api:manifest",
    "api:oai",
    # By a key of the organisation or of the source, in place of a login.
    "api:key",
    "api:listings",
    "api:matches",
    "api:public_list",
    "api:public_record",
    "api:push_batch",
    "api:push_record",
    "api:push_source",
    "api_pages:open_data",
    "api_pages:sending",
    "demo:mail",
    "demo:mailbox",
    "demo:style",
    "demo:welcome",
    "experts:expert",
    "experts:expert_list",
    "health_live",
    "health_ready",
    "home",
    "listings:attachment",
    "listings:compare",
    "listings:count_view",
    "listings:equipment_create",
    "listings:service_create",
    "listings:need_create",
    "listings:offer_create",
    "listings:equipment",
    "listings:equipment_list",
    "listings:service",
    "listings:service_list",
    "listings:need",
    "listings:need_list",
    "listings:offer",
    "listings:offer_list",
    "listings:operating_regulation",
    "listings:picture",
    "listings:renew",
    "listings:report",
    "listings:reported",
    "listings:firm_answer",
    "listings:firm_look",
    "listings:blank_form",
    "matching:quality",
    "notifications:stop_saved_search",
    "notifications:unsubscribe",
    "publications:confirm",
    "publications:stop",
    # Signed by the provider, in place of a login.
    "payments:webhook",
    "privacy:policy",
    "public_file",
    "registration:rules",
    "registration:verify",
    "registration:verify_code",
    "research:attachment",
    "research:citation",
    "research:field",
    "research:field_list",
    "research:person",
    "research:person_list",
    "research:programme",
    "research:programme_list",
    "research:result",
    "research:result_list",
    "research:result_numbered",
    "research:task",
    "research:task_list",
    "research:task_numbered",
    "sources:source",
    "sources:source_list",
    "search:export",
    "search:search",
    "search:suggestions",
    "set_language",
    "wagtail_serve",
    "wagtaildocs_serve",
    "robots",
    "sitemap",
    "sitemaps",
    "taxonomy:crosswalk",
    "taxonomy:crosswalks",
    "taxonomy:vocabularies",
    "taxonomy:vocabulary",
    # Ways in, and out.
    "openid_connect_callback",
    "openid_connect_login",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
    # Connected sites and their people.
    "idp:oidc:authorization",
    "idp:oidc:configuration",
    "idp:oidc:device_code",
    "idp:oidc:jwks",
    "idp:oidc:logout",
    "idp:oidc:revoke",
    "idp:oidc:token",
    "idp:oidc:userinfo",
    "accounts:join_by_letter",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "account_signup_by_passkey",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_signup_webauthn",
    "wagtailadmin_login",
}
#: Without a name of their own: old addresses that lead to the page named, and the admin's way in.
PUBLIC_ADDRESSES = {
    "nhu-cau/<listing_id:public_id>/",
    "cong-nghe/<listing_id:public_id>/",
    "thiet-bi/<listing_id:public_id>/",
    "dich-vu/<listing_id:public_id>/",
    "admin/jsi18n/",  # texts of scripts, the same for everybody
    "admin/login/",
    "identity/o/api/token",
    "identity/o/authorize",
    "admin/^password_reset/",
}


def is_listed(address):
    return address.name in PUBLIC or address.pattern in PUBLIC_ADDRESSES


def test_only_the_pages_listed_here_are_public():
    # The admin's own interfaces ask for staff themselves; the test below knocks at each of them.
    public = {
        address.name or address.pattern
        for address in addresses()
        if address.is_public and not address.pattern.startswith("admin/api/")
    }
    assert public == PUBLIC | PUBLIC_ADDRESSES


@pytest.mark.django_db
def test_public_pages_answer_without_a_login(client, search_engine):
    bad = []
    for address in addresses():
        if address.name not in PUBLIC or address.name == "health_ready":
            continue
        response = client.get(address.path)
        by_key = address.name.startswith("api:push_") or address.name in (
            "api:key", "api:listings", "api:matches"
        )  # fmt: skip
        if by_key or address.name == "idp:oidc:userinfo":
            assert response.status_code in {401, 405}  # without a key of a source, or a token
            continue
        if response.status_code >= 500 or response.status_code in {401, 403}:
            bad.append((address.name, address.path, response.status_code))
    assert bad == []


# --- what a template may hold -------------------------------------------------------------------

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "emails" not in path.parts and "email" not in path.parts]
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
POSTS = re.compile(r"""<form\b[^>]*method=["']?post""", re.IGNORECASE)
INLINE = {
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"""<[^>]*\sstyle=["']""", re.IGNORECASE),
    "script element": re.compile(
        r"""<script\b(?![^>]*\bsrc=)(?![^>]*type=["']application/(ld\+)?json)""", re.IGNORECASE
    ),
    "event attribute": re.compile(r"""<[^>{]*\son[a-z]+=["']""", re.IGNORECASE),
    "script address": re.compile(r"""=["']\s*javascript:""", re.IGNORECASE),
    "htmx script": re.compile(r"\bhx-on\b|\bhx-vals=.js:", re.IGNORECASE),
}
#: Forms of allauth's pages, those that only ask, and those that set what is so already when sent twice.
HARMLESS_TWICE = (
    "account/",
    "mfa/",
    "usersessions/",
    "socialaccount/",
    "cms/",
    "wagtailadmin/",
    "demo/",
    "components/account_links.html",
    "components/confirm_dialog.html",
    "components/language_switch.html",
    "accounts/memberships/mine.html",
    "accounts/organizations/find.html",
    # An opening told by the page itself: with a key in it the page could not be kept.
    "listings/detail.html",
    "matching/_actions.html",
    "notifications/",
)


#: Needs none: a mail program posts here too, and the signed address is the permission.
WITHOUT_TOKEN = {
    "cms/publications/stop.html",
    "notifications/stop_saved_search.html",
    "notifications/unsubscribe.html",
}


def shown(path):
    return str(path.relative_to(ROOT / "templates"))


def markup(path):
    """The template without its comments."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", PAGES, ids=shown)
def test_template_holds_no_inline_style_or_script(path):
    assert [name for name, pattern in INLINE.items() if pattern.search(markup(path))] == []


@pytest.mark.parametrize("path", [path for path in PAGES if POSTS.search(markup(path))], ids=shown)
def test_form_that_posts_carries_its_token_and_its_key(path):
    forms = [form for form in FORM.findall(markup(path)) if POSTS.match(form)]
    assert forms, "a form that is opened here and closed elsewhere cannot be read"
    if shown(path) not in WITHOUT_TOKEN:
        assert all("{% csrf_token %}" in form or "csrfmiddlewaretoken" in form for form in forms)
    if not shown(path).startswith(HARMLESS_TWICE):
        assert all("{% idempotency %}" in form for form in forms)


def test_what_is_included_alone_is_handed_the_token_for_its_forms():
    """`only` leaves the token of the request behind: a browser's form is then refused as a forgery."""
    texts = {shown(path): markup(path) for path in PAGES}
    posting = {name for name, text in texts.items() if "{% csrf_token %}" in text}
    alone = re.compile(r"""\{%\s*include "([^"]+)"([^%]*)\sonly\s*%\}""")
    wrong = [
        (name, included)
        for name, text in texts.items()
        for included, given in alone.findall(text)
        if included in posting and "csrf_token=csrf_token" not in given
    ]

    assert posting
    assert wrong == []


def test_every_included_template_exists():
    known = {shown(path) for path in (ROOT / "templates").rglob("*") if path.is_file()}
    named = re.compile(r"""\{%\s*(?:include|extends)\s+"([^"]+)\"""")
    missing = {
        (shown(path), name)
        for path in (ROOT / "templates").rglob("*")
        if path.is_file()
        for name in named.findall(path.read_text())
        if name not in known
        and name.split("/")[0] not in {"wagtailadmin", "account", "mfa", "allauth"}
    }
    assert missing == set()


# --- where things lie ---------------------------------------------------------------------------

TOP_LEVEL = re.compile(
    r"manage\.py|marketplace|cms|search|templates|pyproject\.toml|tests|README\.md|Makefile|LICENSE|NOTICE"
    r"|CHANGELOG(\.md)?|docs|requirements[\w-]*\.txt|.*\.lock|(Docker|Container)file.*|compose.*\.ya?ml|\..+"
)


def test_top_level_is_what_the_owner_named():
    assert {
        name.split("/")[0] for name in tracked() if not TOP_LEVEL.fullmatch(name.split("/")[0])
    } == set()


def test_no_module_is_a_drawer_for_odds_and_ends():
    drawers = {"signals.py", "utils.py", "helpers.py", "util.py", "misc.py", "common.py"}
    assert [name for name in tracked() if Path(name).name in drawers] == []


def test_no_file_names_a_machine():
    # Put together here, so that this file is not one of them.
    machine = re.compile("/(?:" + "|".join(("work", "root", "home/[a-z]+", "Users/[a-z]+")) + ")/")
    found = {name for name in tracked() if machine.search(text_of(name))}
    assert found == set()


def test_no_requirement_names_a_registry():
    address = re.compile(
        r"https?://|--(?:extra-)?index-url|--find-links|--trusted-host|@ (?:git|file)"
    )
    names = [name for name in tracked() if name.startswith("requirements")]
    assert names
    assert [name for name in names if address.search(text_of(name))] == []
    assert all("--hash=sha256:" in text_of(name) for name in names)


def test_every_app_has_its_place_in_the_layers():
    project = text_of("pyproject.toml")
    layers = project[project.index("layers = [") : project.index("]", project.index("layers = ["))]
    packages = {
        f"marketplace.{path.parent.name}" for path in (ROOT / "marketplace").glob("*/apps.py")
    }
    assert {
        name for name in packages | {"cms", "search"} if name not in re.findall(r"[\w.]+", layers)
    } == set()


def test_staged_models_cannot_forget_their_version():
    staged = [model for model in apps.get_models() if issubclass(model, Versioned)]
    assert len(staged) >= 5
    assert [m for m in staged if not isinstance(m.objects.all(), StagedQuerySet)] == []
    assert [m for m in staged if not isinstance(m._default_manager.all(), StagedQuerySet)] == []


def test_migrations_hold_no_code_of_the_apps():
    code = re.compile(
        r"^\s*(?:from|import) (?:marketplace|search|cms)\b(?!\.(core|accounts)\b)", re.MULTILINE
    )
    found = [
        name
        for name in tracked()
        if "/migrations/" in name and name.startswith(OURS) and code.search(text_of(name))
    ]
    assert found == []


def test_mail_leaves_through_the_outbox_alone():
    sends = re.compile(
        r"\b(?:send_mail|send_mass_mail|EmailMessage|EmailMultiAlternatives|mail_admins)\("
    )
    found = {name for name in tracked() if name.startswith(OURS) and sends.search(text_of(name))}
    assert found <= {"marketplace/notifications/channels.py", "marketplace/accounts/adapter.py"}
