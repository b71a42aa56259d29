"""Numbers of people do not stay in the addresses of lists (OWASP ASVS 5.0, 14.2.1).

What staff type into a list stands in its address, so that a list can be come back to and passed on. A citizen's number,
an old one of nine digits or a telephone must not: the script of the same name does not send them, and where
they come all the same, the list is shown without, at an address without. Tax codes of firms may stay.
"""

import re
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from marketplace.accounts.tax_codes import clean_tax_code, is_personal

#: Fields of lists that take words; numbers of records and of tasks have fields of their own.
FIELDS: Final = ("q", "words", "organization", "tax_code")
REFUSED = gettext_lazy(
    "Số cá nhân và số điện thoại không được tìm ở đây, vì sẽ nằm lại trong địa chỉ trang. Hãy tìm theo tên."
)
_DIGITS: Final = re.compile(r"\d(?:[\s.\u2010-\u2015-]?\d){8,}", re.ASCII)


def may_be_of_a_person(text: str) -> bool:
    return any(not _is_of_a_firm(found) for found in _DIGITS.findall(text))


def _is_of_a_firm(digits: str) -> bool:
    try:
        return not is_personal(clean_tax_code(digits))
    except ValidationError:
        return False


class TypedNumbersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or not request.path.startswith("/admin/"):
            return self.get_response(request)
        asked = request.GET.copy()
        for name in FIELDS:
            if any(may_be_of_a_person(text) for text in asked.getlist(name)):
                del asked[name]
        if len(asked) == len(request.GET):
            return self.get_response(request)
        messages.warning(request, REFUSED)
        return redirect(f"{request.path}?{asked.urlencode()}")
