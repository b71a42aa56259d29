"""Where allauth asks this project: spelling of addresses, language of letters, secrets at rest."""

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context as of_request
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from marketplace.accounts.emails import normal_email
from marketplace.accounts.fronts import front_of
from marketplace.accounts.recovery_codes import HASHED, HashedCode
from marketplace.core.personal_data import run_opening_acts
from marketplace.core.sealing import Unreadable, seal, unseal

logger = structlog.get_logger(__name__)

_SEALED = "sealed:"
_PURPOSE = "second factors"


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """An account made by a form, whichever: by password, by passkey, by another site's word."""
        user = super().save_user(request, user, form, commit=False)
        user.language = (get_language() or "vi")[:2]
        if commit:
            with transaction.atomic():
                user.save()
                run_opening_acts(user)
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Under the name of the exchange at whose door somebody stands; its links lead there by themselves."""
        at_the_door = of_request.request
        name = {"exchange_name": front_of(at_the_door).exchange.local_name} if at_the_door else {}
        super().send_mail(template_prefix, email, name | context)

    def clean_email(self, email: str) -> str:
        """One spelling a mailbox, so that nobody has two accounts by writing its domain in two ways."""
        return normal_email(super().clean_email(email))

    def send_account_already_exists_mail(self, email: str) -> None:
        """For a sign-up with an address that has an account: it takes as long as making one does."""
        if "password1" in of_request.request.POST:  # a sign-up by passkey hashes nothing
            make_password(email)
        super().send_account_already_exists_mail(email)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A line for who watches the logs: the same account has the same mark, which names nobody."""
        named = normal_email(str(credentials.get("email") or ""))
        mark = salted_hmac("accounts.sign_in", named).hexdigest()[:16]
        logger.warning("sign-in failed", account=mark)

    def post_login(self, request: HttpRequest, user: Any, *, signup: bool, **facts: Any) -> Any:
        by = [record["method"] for record in get_authentication_records(request, user)]
        logger.info("signed in", user_id=user.pk, by=by)
        answer = super().post_login(request, user, signup=signup, **facts)
        kinds = Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True)
        if signup and set(kinds) == {Authenticator.Type.WEBAUTHN}:
            messages.warning(
                request,
                _(
                    "Bạn vào bằng khóa trên thiết bị này. Hãy tạo mã dự phòng ở mục Xác thực hai lớp, để vẫn vào được khi mất khóa."
                ),
            )
        return answer


class SecondFactorAdapter(DefaultMFAAdapter):
    """Seeds of code generators lie encrypted, and recovery codes until they were shown: then as hashes.

    The key comes from SECRET_KEY; while SECRET_KEY_FALLBACKS names older ones, what they sealed is read.
    """

    error_messages = DefaultMFAAdapter.error_messages | {
        # Said of every code that does not fit: which one fits at another minute would help who guesses.
        "incorrect_code": gettext_lazy(
            "Mã không đúng hoặc đã dùng. Chờ mã kế tiếp rồi nhập lại; nếu vẫn không được, hãy để điện thoại tự đặt giờ."
        ),
    }

    def encrypt(self, text: str) -> str:
        return _SEALED + seal(text.encode(), purpose=_PURPOSE).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if encrypted_text.startswith(HASHED):
            return HashedCode(encrypted_text.removeprefix(HASHED))
        if not encrypted_text.startswith(_SEALED):
            return encrypted_text  # from before secrets were sealed
        try:
            sealed = encrypted_text.removeprefix(_SEALED).encode()
            return unseal(sealed, purpose=_PURPOSE).decode()
        except Unreadable:
            # Another server's key: no code fits, and the person is helped like one who lost the phone.
            return ""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": front_of(of_request.request).exchange.name}
