"""Production: refuses to start without its own secrets, hosts and service addresses."""

from marketplace.settings.environment import refuse_unsafe, require

# Before `base`, which would fall back to the embedded size and make its folders.
require(
    (
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "PUBLIC_URL",
        "DEFAULT_FROM_EMAIL",
        "DATABASE_URL",
        "SEARCH_URL",
        "BROKER_URL",
        "CACHE_URL",
        "EMAIL_URL",
        "STORAGE_URL",
    )
)

from marketplace.settings import logs
from marketplace.settings.base import *
from marketplace.settings.base import CONTENT_SECURITY_POLICY, PUBLIC_URL, env

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
refuse_unsafe(secret=SECRET_KEY, hosts=ALLOWED_HOSTS, public_url=PUBLIC_URL)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])

# TLS ends at the proxy in front, which must set this header itself and pass on no client's.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# So many proxies add to X-Forwarded-For; without the number every visitor would share one rate limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1)
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language"

LOGGING = logs.logging_config(env.str("LOG_LEVEL", default="INFO"))
