"""What every address for programs shares: who asks, how often, and how "no" is said in JSON."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from marketplace.core import clock

View = Callable[..., JsonResponse]
#: Finds the key a request brings, or raises BadRequest.
Authentication = Callable[[HttpRequest], Any]

#: A counter is kept a little longer than its minute.
_COUNTED_SECONDS: Final = 120


class BadRequest(Exception):
    def __init__(self, message: str, *, status: int = 400, code: str = "bad_request") -> None:
        super().__init__(message)
        self.message, self.status, self.code = message, status, code


def by_key(*methods: str, key: Authentication) -> Callable[[View], View]:
    """The view gets the key; without a usable one nothing is read of the request."""

    def wrapper(view: View) -> View:
        @csrf_exempt  # no cookie counts here
        @login_not_required  # the key is the login
        @never_cache
        @wraps(view)
        def wrapped(request: HttpRequest, **arguments: Any) -> JsonResponse:
            with override(get_language_from_request(request)):
                try:
                    if request.method not in methods:
                        raise BadRequest(
                            _("Địa chỉ này nhận: %(methods)s.") % {"methods": ", ".join(methods)},
                            status=405,
                            code="method_not_allowed",
                        )
                    return view(request, key(request), **arguments)
                except BadRequest as problem:
                    return refusal(problem)
                except RequestDataTooBig:
                    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
                    text = _("Mỗi lần gửi không quá %(limit)s MB.") % {"limit": limit}
                    return refusal(BadRequest(text, status=413, code="too_large"))

        return wrapped

    return wrapper


def bearer(request: HttpRequest) -> str:
    """The text of the key that the request brings; empty where it brings none."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def no_key() -> BadRequest:
    return BadRequest(
        _("Cần khóa còn hiệu lực trong đầu mục Authorization: Bearer …"),
        status=401,
        code="no_key",
    )


def is_beyond(name: str, amount: int, *, limit: int) -> bool:
    """Counts something of this minute, and says whether it is more than the limit now."""
    counter = f"{name}.{clock.now():%Y%m%d%H%M}"
    cache.add(counter, 0, _COUNTED_SECONDS)
    return cache.incr(counter, amount) > limit


def refusal(problem: BadRequest) -> JsonResponse:
    response = as_json({"error": problem.code, "message": problem.message}, status=problem.status)
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if problem.status == 429:
        response["Retry-After"] = "60"
    return response


def as_json(data: Any, *, status: int = 200) -> JsonResponse:
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
