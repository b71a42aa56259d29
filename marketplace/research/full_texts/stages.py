"""What the clock does with requests: prints copies, reminds, ends what has expired.

Each finds its work by state and takes a row by a conditional UPDATE or the transition table: ended
anywhere and run again, nobody is told twice and no request gets two copies.
"""

import hashlib

import structlog
from django.core.files.base import ContentFile
from django.db import transaction

from marketplace.core import clock
from marketplace.core.errors import InvalidTransition
from marketplace.core.printing import PrintingUnavailable
from marketplace.core.storage import stored_name
from marketplace.research.full_texts.notices import DUE, tell_deciders
from marketplace.research.full_texts.rules import rule_on
from marketplace.research.full_texts.services import expire, give_back
from marketplace.research.full_texts.stamping import CannotBeStamped, stamped_copy
from marketplace.research.models import FullTextRequest, FullTextState, Way
from marketplace.taxonomy.clocks import step_reached

logger = structlog.get_logger(__name__)
_BATCH = 5


def full_text_batch() -> int:
    """The stage of the tick `research.full_texts`."""
    return expire_batch() + print_batch() + remind_batch()


def print_batch(limit: int = _BATCH) -> int:
    waiting = FullTextRequest.objects.filter(
        state=FullTextState.APPROVED, way=Way.COPY, copy="", expires_on__gte=clock.today()
    )
    done = 0
    for request in waiting.for_rows().order_by("pk")[:limit]:
        try:
            with request.attachment.file.open("rb") as file:
                pdf = stamped_copy(request, file.read())
        except PrintingUnavailable as error:
            logger.warning("copies are not printed", problem=str(error.message))
            return done
        except (CannotBeStamped, OSError):
            _given_back(request)
        else:
            _keep(request, pdf)
        done += 1
    return done


def _keep(request: FullTextRequest, pdf: bytes) -> None:
    storage = request.copy.storage
    name = storage.save(stored_name(request, "x.pdf"), ContentFile(pdf))
    taken = FullTextRequest.objects.filter(
        pk=request.pk, state=FullTextState.APPROVED, way=Way.COPY, copy=""
    ).update(copy=name, copy_sha256=hashlib.sha256(pdf).hexdigest())
    if not taken:
        storage.delete(name)


def _given_back(request: FullTextRequest) -> None:
    try:
        give_back(request)
    except InvalidTransition:
        logger.info("request moved on meanwhile", number=request.number)


def remind_batch(limit: int = 100) -> int:
    """Tells whoever a request waits for, once a step."""
    today = clock.today()
    warn_days = rule_on(today).warn_days
    waiting = FullTextRequest.objects.filter(state=FullTextState.SUBMITTED).for_rows()
    done = 0
    for request in waiting.order_by("due_on", "pk"):
        step = step_reached(request.due_on, today, warn_days)
        if not step or done >= limit:
            break
        mark = f"{step}:{request.due_on}"
        if request.reminded != mark:
            done += _remind(request, mark, step)
    return done


@transaction.atomic
def _remind(request: FullTextRequest, mark: str, step: str) -> int:
    taken = FullTextRequest.objects.filter(
        pk=request.pk, state=request.state, reminded=request.reminded
    ).update(reminded=mark)
    if taken:
        tell_deciders(request, DUE, step=step)
    return taken


def expire_batch(limit: int = 100) -> int:
    """The copy goes first: ended in between, the row still says that there is something to do."""
    over = FullTextRequest.objects.filter(
        state=FullTextState.APPROVED, expires_on__lt=clock.today()
    ).order_by("pk")[:limit]
    done = 0
    for request in over:
        if request.copy:
            request.copy.storage.delete(str(request.copy.name))
        try:
            with transaction.atomic():
                expire(request)
        except InvalidTransition:
            continue
        done += 1
    return done
