"""Where the databases of ministries send their records to: `/api/v1/records`, by a key of the source.

Every answer is JSON; what is wrong is said in the language of `Accept-Language`. A request may be sent
again as often as one likes: the same record again changes nothing.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from marketplace.api.oai.addresses import page_address
from marketplace.api.requests import BadRequest, as_json, bearer, by_key, is_beyond, no_key
from marketplace.research.models import Result
from marketplace.sources.models import Source, SourceKey
from marketplace.sources.rules import rules
from marketplace.sources.services.keys import key_of
from marketplace.sources.services.push import NoOperation, Operation, Outcome, push

#: Records of one batch.
BATCH: Final = 1000
#: Records that one key may send in a minute.
A_MINUTE: Final = 3000


def _key(request: HttpRequest) -> SourceKey:
    key = key_of(bearer(request))
    if key is None:
        raise no_key()
    return key


def _count(key: SourceKey, records: int) -> None:
    if is_beyond(f"push.{key.pk}", records, limit=A_MINUTE):
        raise BadRequest(
            _("Mỗi phút nhận tối đa %(limit)s bản ghi từ một khóa. Hãy gửi tiếp sau một phút.")
            % {"limit": A_MINUTE},
            status=429,
            code="too_many",
        )


@by_key("GET", "PUT", "DELETE", key=_key)
def record(request: HttpRequest, key: SourceKey, identifier: str) -> JsonResponse:
    """One record: what is held of it, a new version of it, or its end."""
    if request.method == "GET":
        return _held(key.source, identifier)
    _count(key, 1)
    if request.method == "DELETE":
        operation = Operation(identifier)
    else:
        data = _parsed(request.body)
        if not isinstance(data, dict):
            raise BadRequest(_("Bản ghi phải là một đối tượng JSON."), code="not_an_object")
        operation = Operation(identifier, data, request.body)
    [outcome] = push(key.source, [operation])
    return as_json(_told(key.source, [outcome])[0], status=_STATUS[outcome.outcome])


_STATUS: Final = {"created": 201, "updated": 200, "unchanged": 200, "deleted": 200, "refused": 422}


@by_key("POST", key=_key)
def batch(request: HttpRequest, key: SourceKey) -> JsonResponse:
    """Many at once: a JSON array, or JSON lines, of `{"identifier", "record"}` or
    `{"identifier", "deleted": true}`. The answer has one outcome each, in their order."""
    if request.content_type == "application/x-ndjson":
        given = list(_lines(request.body))
    else:
        given = _parsed(request.body)
        if not isinstance(given, list):
            raise BadRequest(_("Lô bản ghi phải là một mảng JSON."), code="not_a_list")
    if len(given) > BATCH:
        raise BadRequest(
            _("Mỗi lô không quá %(limit)s bản ghi.") % {"limit": BATCH},
            status=413,
            code="too_many_records",
        )
    _count(key, len(given))
    outcomes = push(key.source, [_operation(one) for one in given]) if given else []
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
    return as_json({"counts": counts, "records": _told(key.source, outcomes)})


@by_key("GET", key=_key)
def source(request: HttpRequest, key: SourceKey) -> JsonResponse:
    """What the key is for; the first thing to ask when a connection is set up."""
    return as_json(
        {
            "source": key.source.slug,
            "name": key.source.name,
            "sandbox": key.source.is_sandbox,
            "sharing": key.source.sharing,
            "records": Result.objects.filter(source=key.source.slug).count(),
            "limits": {"batch": BATCH, "records_a_minute": A_MINUTE},
        }
    )


def _held(source: Source, identifier: str) -> JsonResponse:
    result = Result.objects.filter(
        source=source.slug, source_id=identifier.replace("\0", "")
    ).first()
    if result is None:
        raise BadRequest(_("Nguồn này chưa gửi bản ghi có mã đó."), status=404, code="not_found")
    return as_json(
        {
            "identifier": result.source_id,
            "title": result.title,
            "public": result.withdrawn_at is None,
            "address": page_address(result) if result.withdrawn_at is None else None,
            "received_at": result.imported_at.isoformat(),
        }
    )


def _told(source: Source, outcomes: list[Outcome]) -> list[dict[str, Any]]:
    identifiers = [outcome.identifier for outcome in outcomes if outcome.outcome != "refused"]
    public = {
        result.source_id: page_address(result)
        for result in Result.objects.public().filter(source=source.slug, source_id__in=identifiers)
    }
    known = rules()
    told = []
    for outcome in outcomes:
        problems = []
        for line in outcome.lines:
            rule = known.get(line.rule)
            problems.append(
                {
                    "refuses": line.is_refusal,
                    "column": line.column,
                    "value": line.value,
                    "reason": line.reason,
                    "rule": line.rule,
                    "rule_text": rule.label if rule else "",
                    "legal_basis": rule.legal_basis if rule else "",
                    "legal_status": rule.status if rule else "",
                }
            )
        told.append(
            {
                "identifier": outcome.identifier,
                "outcome": outcome.outcome,
                "address": public.get(outcome.identifier),
                "problems": problems,
            }
        )
    return told


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError) as problem:
        place = (
            f" ({problem.lineno}:{problem.colno})"
            if isinstance(problem, json.JSONDecodeError)
            else ""
        )
        raise BadRequest(
            _("Nội dung gửi không phải JSON mã hóa UTF-8%(place)s.") % {"place": place},
            code="not_json",
        ) from problem


def _lines(body: bytes) -> Iterator[Any]:
    for line in body.splitlines():
        if line.strip():
            try:
                yield json.loads(line.decode())
            except (ValueError, RecursionError):
                yield None


def _operation(one: Any) -> Operation | NoOperation:
    identifier = one.get("identifier") if isinstance(one, dict) else None
    if not isinstance(identifier, str):
        return NoOperation(_("Thiếu identifier, hoặc dòng không phải đối tượng JSON."))
    if one.get("deleted") is True:
        return Operation(identifier)
    if not isinstance(one.get("record"), dict):
        return NoOperation(_("Thiếu record: các giá trị của bản ghi."))
    return Operation(identifier, one["record"])
