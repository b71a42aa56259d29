"""The secrets of invitation links: made from the row and the server's key, so that they lie nowhere."""

import hashlib

from django.utils.crypto import salted_hmac

from marketplace.accounts.models import MemberInvitation


def make_token(public_id: str, serial: str) -> str:
    made = salted_hmac("accounts.member_invitation", f"{public_id}:{serial}", algorithm="sha256")
    return made.hexdigest()[:40]


def token_of(invitation: MemberInvitation) -> str:
    return make_token(invitation.public_id, invitation.serial)


def hash_of(token: str) -> str:
    """What is kept of a token, to find its row by."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()
