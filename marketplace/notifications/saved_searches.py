"""What people do with the searches they save."""

from datetime import timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.errors import DomainError
from marketplace.notifications.models import Frequency, SavedSearch
from search.addresses import address_of, fingerprint_of, labels_of, query_of
from search.narrowed import Narrowed, as_data
from search.parsing import parse
from search.queries import Query

MOST_SEARCHES: Final = 50
#: A text of more words is no search: any of its words finds something, so that it would alert of
#: nearly everything. What it asks for is a need, and a need is matched.
MOST_WORDS: Final = 24
#: How long a deleted search can be taken back.
KEPT_DELETED: Final = timedelta(days=7)
NAME_LENGTH: Final = 120

STOP_SALT: Final = "notifications.saved-search"


class CannotBeSaved(DomainError):
    """This search would alert of everything, or of anything."""


class TooManySearches(DomainError):
    """The person has as many as one may have."""


def check_query(query: Query) -> None:
    """Raises CannotBeSaved for what is no search to wait on."""
    parsed = parse(query.text)
    is_filtered = query.kinds or query.filters or query.ranges
    if not (parsed.branches or parsed.kinds or parsed.filters or parsed.ranges or is_filtered):
        raise CannotBeSaved(_("Hãy gõ từ cần tìm hoặc chọn bộ lọc rồi mới lưu."))
    if any(len(branch.words.split()) > MOST_WORDS for branch in parsed.branches):
        raise CannotBeSaved(
            _("Tìm kiếm để theo dõi dài tối đa 24 từ. Với một đoạn văn, hãy đăng thành nhu cầu.")
        )


def name_of(query: Query) -> str:
    """What a search is called unless its owner says otherwise."""
    return " · ".join(filter(None, [query.text, *labels_of(query)]))[:NAME_LENGTH]


@transaction.atomic
def save_search(
    params: QueryDict,
    *,
    owner: Any,
    name: str = "",
    frequency: str = Frequency.DAILY,
    narrowed: Narrowed = (),
) -> tuple[SavedSearch, bool]:
    """Saves what the search page at this address asks for; the second value: whether it is new.

    The same search is saved once, however its address is written.

    Raises:
        CannotBeSaved: nothing is asked for, or it is a whole text.
        TooManySearches: there are `MOST_SEARCHES` already.
    """
    query = query_of(params, narrowed)
    check_query(query)
    # Two tabs at once: the second waits here and then counts the first one's.
    get_user_model()._default_manager.select_for_update().get(pk=owner.pk)
    fingerprint = fingerprint_of(query)
    mine = SavedSearch.objects.of(owner)
    if (known := mine.filter(fingerprint=fingerprint).first()) is not None:
        return known, False
    if mine.count() >= MOST_SEARCHES:
        raise TooManySearches(
            _("Bạn đã lưu 50 tìm kiếm. Hãy xóa bớt những tìm kiếm không dùng nữa.")
        )
    now = clock.now()
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(
                owner=owner,
                name=name.strip()[:NAME_LENGTH] or name_of(query),
                address=address_of(params),
                narrowed=as_data(narrowed),
                fingerprint=fingerprint,
                language=translation.get_language() or "vi",
                frequency=frequency,
                created_at=now,
                visited_at=now,
                known_until=now,
            ), True
    except IntegrityError:  # SQLite locks no rows: the constraint decides
        return mine.get(fingerprint=fingerprint), False


@transaction.atomic
def change_search(search: SavedSearch, *, name: str, frequency: str) -> None:
    """Renames it and says how often it tells; after a pause it starts from what is there by then."""
    wakes = search.frequency == Frequency.OFF and frequency != Frequency.OFF
    search.name = name.strip()[:NAME_LENGTH] or name_of(search.query())
    search.frequency = frequency
    search.save(update_fields=["name", "frequency"])
    if frequency == Frequency.OFF:
        _silence(search)
    elif wakes:
        _start_anew(search)


def pause_search(search: SavedSearch) -> None:
    change_search(search, name=search.name, frequency=Frequency.OFF)


@transaction.atomic
def delete_search(search: SavedSearch) -> None:
    SavedSearch.objects.filter(pk=search.pk, deleted_at=None).update(deleted_at=clock.now())
    _silence(search)


@transaction.atomic
def restore_search(search: SavedSearch) -> SavedSearch:
    """Takes a deletion back; where the same search was saved again meanwhile, that one stays."""
    mine = SavedSearch.objects.of(search.owner)
    again = mine.filter(fingerprint=search.fingerprint).first()
    if again is not None:
        return again
    if mine.count() >= MOST_SEARCHES:
        raise TooManySearches(
            _("Bạn đã lưu 50 tìm kiếm. Hãy xóa bớt những tìm kiếm không dùng nữa.")
        )
    SavedSearch.objects.filter(pk=search.pk).update(deleted_at=None)
    _start_anew(search)
    return search


def mark_seen(search: SavedSearch) -> None:
    SavedSearch.objects.filter(pk=search.pk).update(visited_at=clock.now())


def forget_deleted() -> int:
    """Deleted searches go for good, with what they found."""
    past = clock.now() - KEPT_DELETED
    return SavedSearch.objects.filter(deleted_at__lt=past).delete()[0]


def stop_token(search: SavedSearch) -> str:
    """Stands in mails: whoever holds it may pause this one search, and nothing else."""
    return signing.dumps({"s": search.public_id}, salt=STOP_SALT, compress=True)


def search_to_stop(token: str) -> SavedSearch | None:
    """The search of a token.

    Raises:
        BadSignature: the token is none of ours.
    """
    data = signing.loads(token, salt=STOP_SALT)
    return SavedSearch.objects.filter(public_id=data["s"], deleted_at=None).first()


def _silence(search: SavedSearch) -> None:
    """What waited to be told is not told any more."""
    search.hits.filter(told_at=None).update(told_at=clock.now())
    SavedSearch.objects.filter(pk=search.pk).update(unlisted=0)


def _start_anew(search: SavedSearch) -> None:
    SavedSearch.objects.filter(pk=search.pk).update(is_ready=False, known_until=clock.now())
