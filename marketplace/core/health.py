"""`/health/live` and `/health/ready`: what an operator or a load balancer asks."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils.module_loading import import_string
from kombu import Connection

from marketplace.core import clock
from marketplace.core.models import Lease

#: Checks of higher apps: name → dotted path of a function that returns (ok, detail).
_checks: dict[str, str] = {}


def register_check(name: str, path: str) -> None:
    _checks[name] = path


@login_not_required
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200 where the exchange can do its main job now; 503 with the failing parts otherwise."""
    report = {"database": _database(), "broker": _broker(), "beat": _beat()}
    for name, path in _checks.items():
        try:
            report[name] = import_string(path)()
        except Exception as error:  # noqa: BLE001 - a broken check is a finding, not an error page
            report[name] = (False, type(error).__name__)
    healthy = all(good for good, _detail in report.values())
    parts = {name: {"ok": good, "detail": detail} for name, (good, detail) in report.items()}
    body = {"status": "ok" if healthy else "failing", "parts": parts}
    return JsonResponse(body, status=200 if healthy else 503)


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True, connection.vendor


def _broker() -> tuple[bool, str]:
    """Asked at most every ten seconds: the probe must not load what it watches."""
    known = cache.get("health.broker")
    if known is None:
        from celery import current_app  # noqa: PLC0415 - the app is configured by now

        try:
            with current_app.connection_for_write() as broker:
                assert isinstance(broker, Connection)
                broker.ensure_connection(max_retries=1, timeout=2)
            known = (True, "ok")
        except Exception as error:  # noqa: BLE001 - transports fail in their own ways
            known = (False, type(error).__name__)
        cache.set("health.broker", known, 10)
    return known


def _beat() -> tuple[bool, str]:
    heartbeat = Lease.objects.filter(name="core.heartbeat").first()
    if heartbeat is None or heartbeat.last_run_at is None:
        return False, "never"
    age = clock.now() - heartbeat.last_run_at
    return age < timedelta(seconds=60), f"{age.total_seconds():.0f} s"
