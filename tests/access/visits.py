"""One person going from door to door: what each answers, and what stands in the answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.messages import ERROR
from django.db import transaction
from django.template import Template
from django.test import RequestFactory, override_settings
from django.test.client import ClientHandler

from tests.access.roles import cookies_of, headers_of
from tests.access.world import SECRETS

LOGIN = ("/tai-khoan/login/", "/admin/login/", "/tai-khoan/reauthenticate/")
#: Whom the organisation's confidential parts are not for. Their pages are drawn and read; of the others
#: only the rights are asked: what a page looks like has tests of its own.
READ = {
    "anonymous", "alone", "stranger", "past_broker", "far_provincial", "officer", "registrar", "compliance", "editor", "statistics",
    "judge", "finance", "client", "own_client",
}  # fmt: skip
#: Pages of a refusal are given nothing of the row that is refused (Django's own handlers say so), and are
#: drawn for one of them, at every door that is closed to him.
REFUSALS, REFUSED = {"403.html", "404.html"}, "alone"
#: Wagtail's own pages answer a form of theirs that lacks its hidden fields with a server error.
BROKEN_FORMS = {
    "wagtailadmin_choose_page_anchor_link", "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_external_link", "wagtailadmin_choose_page_phone_link",
    "wagtailadmin_pages:add", "wagtailadmin_pages:copy", "wagtailadmin_pages:edit",
    "wagtailadmin_pages:revisions_revert",
}  # fmt: skip
#: Opened by a signed link in a mail, whoever holds it: it says which search it ends.
BY_LINK = ("notifications:stop_saved_search",)
#: What an address of its own kind may hold all the same: focal points write minutes of inspections, see
#: whom to call about a dossier, and decide who reads a full text by what is said of its use.
FOR = {
    "compliance:": {"officer", "registrar", "compliance"},
    "registration:": {"officer", "registrar", "compliance"},
    "research:full_text": {"officer", "registrar", "compliance"},
}


#: What these cause, who may read and write most, is looked for in the log too: a refusal has little to say.
HEARD = {"owner", "administrator"}
#: Decide nothing: they write headers and lines, or answer for static files. Those who are heard pass through them.
OUTWARD = {
    "whitenoise.middleware.WhiteNoiseMiddleware", "django.middleware.gzip.GZipMiddleware",
    "django_structlog.middlewares.RequestMiddleware", "marketplace.core.middleware.AdminContentPolicyMiddleware",
    "csp.middleware.CSPMiddleware", "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
}  # fmt: skip


def methods(name: str) -> tuple[str, ...]:
    return ("GET", "POST", "PUT", "DELETE") if name.startswith("api:push_") else ("GET", "POST")


def outcome(response: Any, name: str, method: str) -> str:
    """What the answer says, in a word of the matrix."""
    status = response.status_code
    if status in {301, 302, 303, 307, 308}:
        if response["Location"].startswith(LOGIN):
            return "login"
        if response["Location"] == "/admin/" and _was_told_no(response):
            return "refused"
        return "moved"
    named = {401: "key", 403: "refused", 404: "hidden", 405: "method"}
    if status >= 500 and name != "health_ready" and not (method == "POST" and name in BROKEN_FORMS):
        return f"error {status}"
    return named.get(status, "open")


def _was_told_no(response: Any) -> bool:
    told = getattr(response.wsgi_request, "_messages", ())
    return any(message.level >= ERROR for message in getattr(told, "_queued_messages", ()))


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


class Browser(RequestFactory):
    """Sends a request through the exchange, and keeps nothing of the answer: the next one comes in as fresh."""

    def __init__(self, role: str, world: SimpleNamespace) -> None:
        super().__init__(headers=headers_of(role, world))
        for name, value in cookies_of(role, world).items():
            self.cookies[name] = value
        self.exchange = ClientHandler(enforce_csrf_checks=False)
        through = [name for name in settings.MIDDLEWARE if role in HEARD or name not in OUTWARD]
        with override_settings(MIDDLEWARE=through):
            self.exchange.load_middleware()

    def request(self, **environ: Any) -> Any:
        return self.exchange(self._base_environ(**environ))


class Visit:
    """At each door the person comes in fresh, and leaves nothing behind."""

    def __init__(self, role: str, world: SimpleNamespace) -> None:
        self.role, self.browser = role, Browser(role, world)

    def ask(self, method: str, path: str) -> Any:
        with transaction.atomic():
            try:
                return getattr(self.browser, method.lower())(path)
            finally:
                transaction.set_rollback(True)

    def leaks(self, name: str, response: Any) -> list[str]:
        if (
            name in BY_LINK
            or self.role not in READ
            or any(name.startswith(space) and self.role in to for space, to in FOR.items())
        ):
            return []
        body = b"" if response.streaming else response.content
        text = str(response.headers) + body.decode("utf-8", "replace")
        return secrets_in(text)


@contextmanager
def drawing(role: str) -> Iterator[None]:
    """Draws what somebody of this role has to be shown nothing confidential in; all else is a stroke.

    Not empty: a message without words is none.
    """
    left_out = set() if role == REFUSED else REFUSALS
    is_read = role in READ

    def draw(template: Template, context: Any) -> str:
        if is_read and template.name not in left_out:
            return template.nodelist.render(context)
        return "-"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", draw)
        yield
