"""Production: refuses to start without its own secrets, hosts and service addresses."""

from marketplace.settings.base import *  # noqa: F403
from marketplace.settings.base import env

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
PUBLIC_URL = env.str("PUBLIC_URL")
WAGTAILADMIN_BASE_URL = PUBLIC_URL
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
for name in ("DATABASE_URL", "SEARCH_URL", "BROKER_URL", "CACHE_URL", "EMAIL_URL", "STORAGE_URL"):
    env.str(name)

CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_URL])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
