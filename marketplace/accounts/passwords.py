"""Passwords that are made of the exchange's own words."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from marketplace.core.text import fold

_NOT_LETTER = re.compile(r"[^a-z]+")
#: So many other letters make a sentence of it, which nobody guesses by the word.
_LETTERS_OF_ITS_OWN = 8


class OwnWordsValidator:
    """Refuses `San-Giao-Dich-2026!`: a word of PASSWORD_WORDS with little around it."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = letters = _NOT_LETTER.sub("", fold(password))
        for word in settings.PASSWORD_WORDS:
            rest = rest.replace(word, "")
        if rest != letters and len(rest) < _LETTERS_OF_ITS_OWN:
            raise ValidationError(
                _(
                    "Mật khẩu này dùng từ mà ai cũng đoán được trên sàn này. Hãy thêm những từ của riêng bạn."
                ),
                code="password_own_words",
            )

    def get_help_text(self) -> str:
        return _("Không chỉ dùng tên sàn hay từ chung như “mật khẩu”.")
