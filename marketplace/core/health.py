"""`/health/live` and `/health/ready`: what an operator or a load balancer asks."""

import hmac
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.core import clock
from marketplace.core.models import Lease

#: Good or not, and a few words for people.
Finding = tuple[bool, str]

#: A stage is late when it has not ended well for this long, or for ten of its periods.
LATE = timedelta(seconds=60)
HEARTBEAT = "core.heartbeat"

#: Checks of higher apps: name → dotted path of a function that returns a finding.
_checks: dict[str, str] = {}


def register_check(name: str, path: str) -> None:
    if _checks.get(name, path) != path:
        raise ValueError(f"health check {name} is registered twice")
    _checks[name] = path


@login_not_required
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where the exchange can do its main job now; 503 with the failing parts otherwise."""
    checks: dict[str, Callable[[], Finding]] = {
        "database": _database,
        "cache": _cache,
        "broker": _broker,
        "beat": _beat,
        "ticks": _ticks,
    }
    report = {name: _found(check) for name, check in checks.items()}
    report |= {name: _found(partial(_registered, path)) for name, path in _checks.items()}
    healthy = all(good for good, _detail in report.values())
    parts = {name: {"ok": good, "detail": detail} for name, (good, detail) in report.items()}
    body = {"status": "ok" if healthy else "failing", "parts": parts}
    return JsonResponse(body, status=200 if healthy else 503)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus; for anybody without the token the page does not exist."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    from django_prometheus.exports import ExportToDjangoView  # noqa: PLC0415 - only where it is on

    return ExportToDjangoView(request)


def _found(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - a broken part is a finding, not an error page
        return False, type(error).__name__


def _registered(path: str) -> Finding:
    finding: Finding = import_string(path)()
    return finding


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, connection.vendor


def _cache() -> Finding:
    cache.set("health.cache", "ok", 60)
    return cache.get("health.cache") == "ok", "ok"


def _broker() -> Finding:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
        return True, str(broker.transport.driver_type)


def _beat() -> Finding:
    """Beat, broker and worker together: the heartbeat is a task that beat sends and a worker runs."""
    heartbeat = Lease.objects.filter(name=HEARTBEAT).first()
    if heartbeat is None or heartbeat.last_run_at is None:
        return False, "never"
    age = clock.now() - heartbeat.last_run_at
    return age < LATE, f"{age.total_seconds():.0f} s"


def _ticks() -> Finding:
    """Stages that do not come to their end: failing every time, or stuck in one batch."""
    now, late = clock.now(), []
    schedule = settings.CELERY_BEAT_SCHEDULE
    periods = {name: float(str(entry["schedule"])) for name, entry in schedule.items()}
    for row in Lease.objects.filter(name__in=periods).order_by("name"):
        patience = max(LATE, timedelta(seconds=10 * periods[row.name]))
        if row.last_run_at is None:
            is_late = row.until < now - patience  # neither running nor ever ended well
        else:
            is_late = row.last_run_at < now - patience
        if is_late:
            late.append(row.name)
    return not late, ", ".join(late) or "ok"
