"""The second factor's code of this moment, for the demo's public secrets only."""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def code_now(secret: str) -> str:
    if not secret:
        return ""
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))
