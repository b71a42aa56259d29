"""The embedded size with demo data, the mailbox page and known second factors. Never for real use."""

from marketplace.settings.embedded import *
from marketplace.settings.embedded import INSTALLED_APPS

INSTALLED_APPS = ["marketplace.demo", *INSTALLED_APPS]
DEMO = True
# Signing in again and again while trying the demo is not an attack.
ACCOUNT_RATE_LIMITS = False
REQUEST_LIMITS = {}
# Passkeys on http://localhost; anywhere else browsers want https themselves.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Cards that are none, plainly marked.
PAYMENTS_DEMO_CARD = True
