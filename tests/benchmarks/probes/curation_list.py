"""How long the lists of the desk take with so many needs: first page, filters, words, the last pages, the home."""

import json
import random
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from wagtail.models import Revision, TaskState, Workflow, WorkflowState

from cms.models import ReviewTask
from cms.setup import WORKFLOW, group_named, set_up_curation
from marketplace.accounts.models import Exchange, Organization, User
from marketplace.core import clock
from marketplace.core.text import fold
from marketplace.listings.models import Need, searched_titles
from tests.factories.accounts import agreed, factor_given

#: Of a hundred needs so many wait for review; half of the rest are shown.
WAIT = 10
ORGANIZATIONS = 500
BATCH = 2000
_THINGS = ("sấy xoài", "tách vỏ hạt điều", "lọc nước nhiễm mặn", "nuôi cấy mô sâm", "ép viên trấu")
_WORDS = (
    "năng suất cao",
    "ít hao điện",
    "cho xưởng nhỏ",
    "không dùng lưu huỳnh",
    "đạt chuẩn xuất khẩu",
)


def main(needs: str, times: str) -> None:
    count, rounds = int(needs), int(times)
    chance = random.Random("curation")
    officer = _people()
    began = time.monotonic()
    _needs(count, chance, officer)
    made = time.monotonic() - began
    client = Client(SERVER_NAME="localhost")
    client.force_login(officer)
    # As somebody who has just given the second factor, and agreed to the terms: the admin asks for both.
    factor_given(client, officer)
    agreed(client)
    pages = _pages(count)
    for path in pages.values():
        _seconds(client, path)  # templates are compiled once
    taken = {name: [_seconds(client, path) for _n in range(rounds)] for name, path in pages.items()}
    print(json.dumps({"made": made, "pages": taken}))


def _seconds(client: Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    taken = time.perf_counter() - began
    assert answer.status_code == 200, (path, answer.status_code)
    return taken


def _pages(count: int) -> dict[str, str]:
    at = "/admin/tin-dang/nhu-cau/"
    step = ReviewTask.objects.order_by("pk").first()
    assert step is not None
    asked: dict[str, dict[str, Any]] = {
        "first page": {},
        "page in the middle": {"p": count // 60},
        "waiting for review": {"state": "in_review"},
        "waiting for the first step": {"step": step.pk},
        "published": {"state": "published"},
        "end soon": {"state": "ends_soon"},
        "words of a title": {"words": "sấy xoài ít hao điện"},
        "a number": {"words": str(count // 2)},
        "an organisation": {"organization": "doanh nghiep 17"},
        "by organisation": {"ordering": "organization__name"},
    }
    return {"home of the desk": "/admin/"} | {
        name: f"{at}?{urlencode(query)}" for name, query in asked.items()
    }


def _people() -> User:
    set_up_curation()
    user = User.objects.create(email="officer@example.com", is_staff=True, full_name="Cán bộ")
    user.groups.add(group_named("officers"))
    TOTP.activate(user, generate_totp_secret())
    return user


def _needs(count: int, chance: random.Random, officer: User) -> None:
    exchange = Exchange.default()
    names = [f"Doanh nghiệp {n}" for n in range(ORGANIZATIONS)]
    owners = Organization.objects.bulk_create(
        Organization(name=name, name_folded=fold(name), name_key=fold(name), province_code="01")
        for name in names
    )
    now, today = clock.now(), clock.today()
    kind = ContentType.objects.get_for_model(Need, for_concrete_model=False)
    workflow = Workflow.objects.get(name=WORKFLOW)
    task = ReviewTask.objects.order_by("pk").first()
    for start in range(0, count, BATCH):
        with transaction.atomic():
            needs = [
                _need(n, chance, exchange, owners[n % ORGANIZATIONS], now, today)
                for n in range(start, min(count, start + BATCH))
            ]
            needs = Need.objects.bulk_create(needs)
            revisions = Revision.objects.bulk_create(
                Revision(
                    content_type=kind, base_content_type=kind, object_id=str(one.pk), user=officer,
                    content={"title": one.title, "province_code": "01"}, object_str=one.title,
                    created_at=now,
                )
                for one in needs
            )  # fmt: skip
            for one, revision in zip(needs, revisions, strict=True):
                one.latest_revision = revision
            Need.objects.bulk_update(needs, ["latest_revision"])
            waiting = [
                (one, revision)
                for one, revision in zip(needs, revisions, strict=True)
                if (one.number - 1) % 100 < WAIT
            ]
            states = WorkflowState.objects.bulk_create(
                WorkflowState(
                    content_type=kind, base_content_type=kind, object_id=str(one.pk), workflow=workflow,
                    status=WorkflowState.STATUS_IN_PROGRESS, requested_by=officer, created_at=one.submitted_at,
                )
                for one, _revision in waiting
            )  # fmt: skip
            steps = _steps(states, waiting, task)
            for state, step in zip(states, steps, strict=True):
                state.current_task_state = step
            WorkflowState.objects.bulk_update(states, ["current_task_state"])


def _steps(states: list[Any], waiting: list[Any], task: Any) -> list[TaskState]:
    kind = ContentType.objects.get_for_model(TaskState)
    return [
        TaskState.objects.create(
            workflow_state=state, revision=revision, task=task, content_type=kind,
            status=TaskState.STATUS_IN_PROGRESS, started_at=one.submitted_at,
        )
        for state, (one, revision) in zip(states, waiting, strict=True)
    ]  # fmt: skip


def _need(
    number: int, chance: random.Random, exchange: Any, owner: Organization, now: Any, today: Any
) -> Need:
    title = f"Cần {chance.choice(_THINGS)} {chance.choice(_WORDS)} số {number}"
    waits = number % 100 < WAIT
    live = not waits and number % 2 == 0
    return Need(
        exchange=exchange, organization=owner, number=number + 1, title=title, draft_title=title,
        title_folded=searched_titles(title, title),
        summary="Cần 300 kg/giờ.", province_code="01", live=live,
        submitted_at=now - timedelta(minutes=number % 20_000), created_at=now,
        first_published_at=now - timedelta(days=number % 300) if live else None,
        valid_until=today + timedelta(days=number % 365) if live else None,
        has_unpublished_changes=not live,
    )  # fmt: skip
