"""Settings shared by every size of the exchange: secure by default, everything from the environment.

`embedded` (the default), `demo`, `test` and `production` build on this module. One URL each names the
database, the search engine, the broker, the cache, the mail service and the file storage.
"""

import os
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.settings import logs, oidc, services

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = Path(os.environ.get("EXCHANGE_DATA_DIR") or BASE_DIR / "var").absolute()
REFERENCE_DATA = Path(
    os.environ.get("EXCHANGE_REFERENCE_DATA") or BASE_DIR.parent / "shared" / "data"
).absolute()

DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "marketplace.core",
    "search",
    "marketplace.taxonomy",
    "marketplace.notifications",
    "marketplace.accounts",
    "marketplace.mandates",
    "marketplace.privacy",
    "marketplace.research",
    "marketplace.registration",
    "marketplace.sources",
    "marketplace.experts",
    "marketplace.listings",
    "marketplace.matching",
    "marketplace.cases",
    "marketplace.deals",
    "marketplace.payments",
    "marketplace.dashboard",
    "marketplace.api",
    "cms",
    "wagtail.contrib.forms",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.typed_table_block",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "cms.apps.UsersConfig",
    "cms.apps.AdminConfig",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "django_htmx",
    "csp",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "marketplace.core.middleware.PlainMachinesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "marketplace.core.middleware.SignedCallsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Django pads each answer and masks its token, so that sizes tell nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "marketplace.core.middleware.RequestIdMiddleware",
    "marketplace.core.middleware.AdminContentPolicyMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "marketplace.accounts.middleware.OfferedLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "marketplace.accounts.idle.SessionEndMiddleware",
    "marketplace.accounts.middleware.StaffSecondFactorMiddleware",
    "marketplace.accounts.limits.RequestLimitMiddleware",
    "marketplace.privacy.middleware.AgreementMiddleware",
    "cms.narrowing.NarrowedStaffMiddleware",
    "cms.typed_numbers.TypedNumbersMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "marketplace.core.kept_pages.open_token",
                "marketplace.accounts.context_processors.exchange",
                "marketplace.notifications.context_processors.unread_notices",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- services, one URL each -------------------------------------------------------------------

DATABASES = {
    "default": services.database(
        env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'exchange.sqlite3'}")
    )
}
SEARCH_URL = services.search(
    env.str("SEARCH_URL", default=f"embedded://{DATA_DIR / 'search'}"),
    api_key=env.str("SEARCH_API_KEY", default=""),
    ca=env.str("SEARCH_CA", default=""),
)
#: The optional semantic part (docs/semantic.md): empty switches it off even where it is installed.
SEMANTIC_ENCODER = env.str("SEMANTIC_ENCODER", default="search.semantic.e5.encoder.default_encoder")
#: Cores of one process that the model may take; the others are the readers'.
SEMANTIC_THREADS = env.int("SEMANTIC_THREADS", default=1)
CACHES = {
    "default": services.cache(
        env.str("CACHE_URL", default=f"filecache://{DATA_DIR / 'cache'}?max_entries=3000")
    )
}
#: Pages of readers without an account are kept this long, or until content changes; 0 keeps none.
KEPT_PAGES_SECONDS = env.int("KEPT_PAGES_SECONDS", default=60)
STORAGES = services.storages(env.str("STORAGE_URL", default=f"file://{DATA_DIR / 'media'}"))
vars().update(services.mail(env.str("EMAIL_URL", default=f"filemail://{DATA_DIR / 'mail'}")))
#: Days for which versions of records stay after their run was undone, and faults after their run.
UNDONE_KEPT_DAYS = env.int("UNDONE_KEPT_DAYS", default=365)
FAULTS_KEPT_DAYS = env.int("FAULTS_KEPT_DAYS", default=365)
#: Answers to mails of a deal: the address (its server takes what follows a +) and the mailbox where they arrive, see
#: `core/mailboxes.py`. Off unless both are given.
REPLY_ADDRESS = env.str("REPLY_ADDRESS", default="")
REPLY_MAILBOX = services.mailbox(env.str("REPLY_MAILBOX", default=""))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="San giao dich <san@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")

BROKER_URL = env.str("BROKER_URL", default="filesystem://localhost/")  # a host, or kombu warns
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = services.broker_options(BROKER_URL, DATA_DIR)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Ho_Chi_Minh"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file does not go away as a server does, and to open it anew is a third of what an idle tick costs.
    CELERY_DB_REUSE_MAX = 100


def _tick(task: str, seconds: float) -> dict[str, object]:
    # A tick that waited longer than its own period is worthless: the next one finds the same rows.
    return {"task": task, "schedule": seconds, "options": {"expires": max(seconds, 5)}}


#: Services kick their stage after commit; the clock finds what a kick has missed, so that an idle exchange
#: leaves its processor to the readers.
CELERY_BEAT_SCHEDULE = {
    name: _tick(name, seconds)
    for name, seconds in {
        "search.sync": 1,
        "search.keep": 10,
        "search.embed": 10,
        "cms.pages": 2,
        "cms.schedule": 30,
        "cms.visits": 10,
        "cms.votes": 3600,
        "cms.publications": 10,
        "cms.forms": 3600,
        "matching.run": 2,
        "matching.hand": 2,
        "matching.interests": 5,
        "matching.live_quality": 3600,
        "notifications.deliver": 2,
        "notifications.alerts": 5,
        "notifications.clean": 3600,
        "registration.certificates": 5,
        "sources.files": 5,
        "sources.harvest": 30,
        "registration.remind": 600,
        "research.people": 5,
        "research.browse": 5,
        "research.count": 10,
        "research.publish": 60,
        "registration.duties": 300,
        "registration.duty_reminders": 600,
        "research.full_texts": 10,
        "listings.expire": 60,
        "api.list": 5,
        "sources.link": 30,
        "api.export": 60,
        "listings.remind": 600,
        "listings.ask": 600,
        "listings.suspend": 600,
        "listings.copies": 30,
        "listings.note_links": 300,
        "listings.check_links": 60,
        "listings.rights": 3600,
        "cases.keep": 10,
        "cases.forget": 3600,
        "deals.clock": 300,
        "deals.registration": 3600,
        "deals.follow_up": 3600,
        "deals.disputes": 3600,
        "deals.questions": 3600,
        "deals.prices": 86400,
        "deals.readiness": 3600,
        "deals.signatures": 60,
        "deals.replies": 30,
        "payments.inbox": 1,
        "payments.ask": 2,
        "payments.refund": 5,
        "payments.statements": 2,
        "payments.tell": 2,
        "payments.nightly": 900,
        "sources.undo": 30,
        "sources.codes": 30,
        "sources.vanished": 30,
        "sources.ties": 600,
        "sources.forget": 3600,
        "accounts.joining": 600,
        "accounts.papers": 3600,
        "mandates.expire": 60,
        "experts.follow": 5,
        "sources.applications": 600,
        "research.task_states": 600,
        "sources.uses": 60,
        "privacy.copies": 10,
        "privacy.close": 600,
        "privacy.clear": 3600,
        "core.seal_audit": 60,
        "core.archive_audit": 3600,
        "core.heartbeat": 10,
        "core.clean": 3600,
    }.items()
}

# --- the API ----------------------------------------------------------------------------------

#: Requests that one key of an organisation may make in a minute.
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=120)

# --- payments ---------------------------------------------------------------------------------

#: Cards by Stripe: off without both. Stripe has no payees in Vietnam (docs/decisions.md).
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
#: Another address of Stripe's API, for tests.
STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="")
#: A card provider that is none, for the demo and for tests.
PAYMENTS_DEMO_CARD = False

# --- language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "marketplace" / "locale"]
USE_I18N = True
USE_TZ = True
# Years, numbers of listings and identifiers are no quantities: quantities say `|vi_number`.
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["marketplace.formats"]

# --- accounts ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "marketplace.accounts.hashers.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
    {"NAME": "marketplace.accounts.passwords.OwnWordsValidator"},
    {"NAME": "marketplace.accounts.passwords.BreachedPasswordsValidator"},
]
#: A file of Have I Been Pwned's passwords (sorted lines of SHA-1 and count), beside Django's 20,000 of them.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", default="")
#: What somebody who guesses passwords of this site tries first, without marks and spaces.
PASSWORD_WORDS = (
    "sangiaodich", "congnghe", "thietbi", "doanhnghiep", "matkhau", "vietnam", "techmart", "exchange",
)  # fmt: skip
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("dashboard:home")
ACCOUNT_ADAPTER = "marketplace.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# With the name three fields: the password can be looked at, so it is not typed twice.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_REDIRECT_URL = reverse_lazy("accounts:find_organization")
ACCOUNT_SIGNUP_FORM_CLASS = "marketplace.accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "marketplace.accounts.entrance_forms.OneSpellingLoginForm",
    "request_login_code": "marketplace.accounts.entrance_forms.OneSpellingLoginCodeForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
# A link lies in a mailbox; who needs longer asks for another, or comes in by a code.
PASSWORD_RESET_TIMEOUT = 60 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
#: Requests a minute (`accounts.limits`): knocks at the doors, forms that are sent, questions to lists and
#: the search.
REQUEST_LIMITS: dict[str, dict[str, int]] = {
    "door": {"address": 40, "account": 20},
    "write": {"address": 120, "account": 60, "organization": 240},
    "ask": {"address": 240, "account": 120, "organization": 480},
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "marketplace.accounts.adapter.SecondFactorAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "marketplace.accounts.entrance_forms.OnceAuthenticateForm",
    "reauthenticate": "marketplace.accounts.entrance_forms.OnceReauthenticateForm",
    "add_webauthn": "marketplace.accounts.entrance_forms.NamedAddKeyForm",
    "edit_webauthn": "marketplace.accounts.entrance_forms.NamedEditKeyForm",
    "signup_webauthn": "marketplace.accounts.entrance_forms.NamedSignupKeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
# A passkey opens the door alone, so it has to ask for the person's finger or PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# Clocks of phones are off by some seconds: the code before and the one after count too.
MFA_TOTP_TOLERANCE = 1
#: Every signed-in page asks it of everybody, not of staff, officers and steps that bind alone.
SECOND_FACTOR_OF_EVERYBODY = env.bool("SECOND_FACTOR_OF_EVERYBODY", default=False)
MFA_TOTP_ISSUER = "San giao dich cong nghe va thiet bi"
# Written by `accounts.idle`, once a minute: allauth's own middleware writes with each request.
USERSESSIONS_TRACK_ACTIVITY = True

# Signing in with other sites (OpenID Connect), and other sites with this one.
OIDC_PROVIDERS = oidc.providers(env.str("OIDC_PROVIDERS", default=""))
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": OIDC_PROVIDERS},
}
SOCIALACCOUNT_ADAPTER = "marketplace.accounts.oidc.LoginAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
# Whoever comes from another site for the first time sees what is taken over and agreed to.
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = "oidc"
IDP_OIDC_ADAPTER = "marketplace.accounts.oidc.ProviderAdapter"
# A site that may come again without its person is let in for so long since they were there.
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 30 * 24 * 60 * 60
#: And so long at most since they said yes, however often the site came.
OIDC_GRANT_ENDS_AFTER = 90 * 24 * 60 * 60
#: Without a key this installation signs nobody in elsewhere; its addresses for that do not exist.
IDP_OIDC_PRIVATE_KEY = env.str("OIDC_PRIVATE_KEY", default="").replace("\\n", "\n")

# --- CMS --------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Sàn giao dịch công nghệ và thiết bị"
WAGTAILADMIN_BASE_URL = PUBLIC_URL
WAGTAILADMIN_LOGIN_URL = "/admin/login/"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Without it the last approval publishes whatever was saved after the first one.
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
# A save during review is an act: it sends the submission back to the first step.
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
# Files of the CMS are public.
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
# The outbox is the only sender of business mail, and comments send mails of their own.
WAGTAILADMIN_COMMENTS_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAIL_USER_TIME_ZONES = ["Asia/Ho_Chi_Minh"]
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "wagtail.admin.rich_text.DraftailRichTextArea",
        "OPTIONS": {"features": ["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"]},
    }
}
TAGGIT_CASE_INSENSITIVE = True

# --- static and uploaded files ----------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "marketplace" / "static"]
MEDIA_URL = "/tep/"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
UPLOAD_MAX_PIXELS = 40_000_000
#: Documents pass by this scanner (`core/scanning.py`); empty where the operator has none.
VIRUS_SCANNER = env.str("VIRUS_SCANNER", default="")

#: PEM file with the root certificates by which digital signatures of contracts are trusted; empty: signatures are
#: held against the file, and whose they are is not vouched for.
SIGNATURE_TRUST_ROOTS = env.str("SIGNATURE_TRUST_ROOTS", default="")

#: Where providers call (`core.middleware.SignedCallsMiddleware`).
SIGNED_CALLS = ("/thanh-toan/goi-lai/",)

# --- security ---------------------------------------------------------------------------------

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Seconds without a request after which a session ends; the longest life is Django's two weeks.
SESSION_IDLE = {
    "staff": env.int("SESSION_IDLE_STAFF", default=60 * 60),
    "owner": env.int("SESSION_IDLE_OWNER", default=12 * 60 * 60),
    "everybody": env.int("SESSION_IDLE_EVERYBODY", default=5 * 24 * 60 * 60),
}
# Pages under these are not kept by browsers (no-store); other pages of a session are private.
NOT_KEPT_BY_BROWSERS = (
    "/admin/", "/tai-khoan/", "/du-lieu-ca-nhan/cua-toi/", "/ho-so-ca-nhan/", "/giay-to/", "/dau-moi/",
)  # fmt: skip
CSRF_COOKIE_SAMESITE = "Lax"
# Pages carry the token themselves; no script reads the cookie.
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"  # previews in the admin say otherwise themselves
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    # The Wagtail admin needs inline scripts of its own and has the looser policy below.
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *oidc.origins(OIDC_PROVIDERS)],
        "frame-ancestors": [NONE],
    },
}
ADMIN_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; script-src-attr 'none'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "usb")
}

#: Keys under which people stand in the audit log, by name, the newest first: `2027:…,2026:…`. An old key
#: stays listed as long as its lines are to be found by person; without any, SECRET_KEY is the key.
AUDIT_KEYS: dict[str, str] = {
    name: key
    for name, _colon, key in (pair.partition(":") for pair in env.list("AUDIT_KEYS", default=[]))
}

# --- being seen -------------------------------------------------------------------------------

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # an address is personal data
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
# A visitor must not choose the id under which an operator searches.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = False
DJANGO_STRUCTLOG_TRUST_UPSTREAM_CORRELATION_ID = False
# Figures for Prometheus at /health/metrics, for who brings this token.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE.insert(0, "django_prometheus.middleware.PrometheusBeforeMiddleware")
    MIDDLEWARE.append("django_prometheus.middleware.PrometheusAfterMiddleware")

logs.configure()
LOGGING = logs.logging_config(env.str("LOG_LEVEL", default="WARNING"))
if sentry_url := env.str("SENTRY_URL", default=""):
    import sentry_sdk

    sentry_sdk.init(dsn=sentry_url, send_default_pii=False)
