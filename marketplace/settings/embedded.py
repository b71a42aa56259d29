"""The embedded size: one machine, no server to install, all state in `EXCHANGE_DATA_DIR`."""

from marketplace.settings.base import *
from marketplace.settings.base import ALLOWED_HOSTS, DATA_DIR, IDP_OIDC_PRIVATE_KEY, env
from marketplace.settings.oidc import stored_key
from marketplace.settings.secrets import stored_secret

DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = env.str("SECRET_KEY", default="") or stored_secret(DATA_DIR / "secret-key")
IDP_OIDC_PRIVATE_KEY = IDP_OIDC_PRIVATE_KEY or stored_key(DATA_DIR / "oidc-key.pem")
# None by default: whoever stands in front says how many add to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
# It answers this machine only, over plain HTTP; `production` is for everything else.
ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", ".localhost", "[::1]"]
