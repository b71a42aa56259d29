from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from marketplace.accounts.acting import acting_organization
from marketplace.accounts.fronts import front_of


def exchange(request: HttpRequest) -> dict[str, object]:
    """The site of the host, and the exchange it is of."""
    return {
        "front": SimpleLazyObject(lambda: front_of(request)),
        "exchange": SimpleLazyObject(lambda: front_of(request).exchange),
        "acting_organization": SimpleLazyObject(lambda: acting_organization(request)),
    }
