from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.models import Exchange


def exchange(request: HttpRequest) -> dict[str, object]:
    return {
        "exchange": SimpleLazyObject(Exchange.default),
        "acting_organization": SimpleLazyObject(lambda: acting_organization(request)),
    }
