"""Passwords that are made of the exchange's own words, or that thieves have already."""

import hashlib
import os
import re
from pathlib import Path
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


class BreachedPasswordsValidator:
    """Refuses what stands in the operator's file of breached passwords; without a file, nothing.

    The file is asked where it lies, by halves: it has a thousand million lines, and no service is told
    what anybody chose.
    """

    def validate(self, password: str, user: Any = None) -> None:
        if settings.BREACHED_PASSWORDS and _is_in(Path(settings.BREACHED_PASSWORDS), password):
            raise ValidationError(
                _(
                    "Mật khẩu này đã bị lộ ở nơi khác, kẻ gian thử nó trước tiên. Hãy chọn mật khẩu khác."
                ),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return ""


def _is_in(file: Path, password: str) -> bool:
    # The corpus is kept by this sum; nothing is protected by it.
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        low, high = 0, os.fstat(lines.fileno()).st_size
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                lines.readline()  # the rest of a line that began before
            found = lines.readline()[:40].upper()
            if found == wanted:
                return True
            if found and found < wanted:
                low = middle + 1
            else:
                high = middle
        lines.seek(0)
        return lines.readline()[:40].upper() == wanted
