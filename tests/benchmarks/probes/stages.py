"""One stage of the main path as a process that can be killed, and what must hold after it.

`prepare` leaves work for the stage, `work` says "ready" and does it, `again` runs it to the end some
minutes later (leases and claims of the killed process have run out) and prints what is there.
"""

import json
import re
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from marketplace.accounts.models import Organization, Outreach, User
from marketplace.core import clock
from marketplace.core.models import AuditEntry, Lease
from marketplace.listings.models import LISTING_MODELS, Need, ReviewDecision
from marketplace.listings.services import withdraw
from marketplace.matching.models import Match, MatchRun
from marketplace.matching.tasks import run as matching_tick
from marketplace.notifications.channels import message_id
from marketplace.notifications.models import Delivery, DeliveryState, Notice
from marketplace.notifications.tasks import deliver as deliver_tick
from marketplace.research.models import Result
from marketplace.research.services import withdraw_result
from marketplace.sources.models import RawRecord
from search.engines import get_engine
from search.models import leave_tombstones
from search.registry import sources
from search.tasks import sync as search_tick
from tests.benchmarks.probes import posting
from tests.benchmarks.probes.alert_stage import Alerts
from tests.benchmarks.probes.harvest_stage import Harvest
from tests.benchmarks.probes.stage import Stage, State, data_file, index_faults, write_results
from tests.benchmarks.probes.undo_stage import Undo

LATER = timedelta(minutes=15)


def main(action: str, name: str, seed: str = "") -> None:
    stage = STAGES[name](seed)
    if action == "prepare":
        stage.prepare()
    elif action == "work":
        print("ready", flush=True)
        started = time.perf_counter()
        stage.work()
        print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)
    else:
        print(json.dumps(run_again(stage), ensure_ascii=False))


def run_again(stage: Stage) -> dict[str, Any]:
    """Runs the stage to its end when the leases of a killed one have run out, and says what is there."""
    with clock.frozen_at(clock.now() + LATER):
        stage.work()
        first = stage.state()
        faults = stage.faults()
        stage.work()
        if stage.state() != first:
            faults.append("a run with nothing left to do changed something")
    return {"state": first, "faults": faults}


class Import(Stage):
    NAME = "kill-import.jsonl"

    def prepare(self) -> None:
        refused = write_results(data_file(self.NAME), 1500, self.random)
        data_file("refused").write_text(str(refused), encoding="ascii")

    def work(self) -> None:
        with data_file("import.log").open("a") as log:
            call_command("import_results", str(data_file(self.NAME)), stdout=log, stderr=log)

    def state(self) -> State:
        mine = Result.objects.filter(source="kill-import")
        return {
            "results": sorted(mine.values_list("source_id", "title", "content_hash")),
            "raw": sorted(
                RawRecord.objects.filter(source__slug="kill-import").values_list(
                    "identifier", "content_hash", "undo_outcome"
                )
            ),
            "others": Result.objects.exclude(source="kill-import").count(),
            "organizations": sorted(Organization.objects.values_list("name_key", flat=True)),
        }

    def faults(self) -> list[str]:
        reports = sorted(
            (data_file("imports")).glob("*kill-import*"), key=lambda path: path.stat().st_mtime
        )
        lines = reports[-1].read_text(encoding="utf-8").count("\n") if reports else 0
        refused = int(data_file("refused").read_text(encoding="ascii"))
        told = [] if lines >= refused else [f"{refused} refused, {lines} in the report"]
        return told + index_faults()


class Sync(Stage):
    def prepare(self) -> None:
        write_results(data_file("kill-sync.jsonl"), 1200, self.random)
        with data_file("import.log").open("a") as log:
            call_command(
                "import_results",
                str(data_file("kill-sync.jsonl")),
                no_index=True,
                stdout=log,
                stderr=log,
            )
        for source in sources():
            source.model.objects.all().raise_content_version()
        for model in LISTING_MODELS.values():
            rows = list(model.objects.public().order_by("pk"))
            for listing in self.random.sample(rows, 3):
                withdraw(listing, by=posting.user(posting.POSTER), reason="thử")
        results = list(Result.objects.public().order_by("pk"))
        chosen = self.random.sample(results, 20)
        for result in chosen[:10]:
            withdraw_result(result, by="benchmark", reason="thử")
        with transaction.atomic():
            leave_tombstones("result", [result.public_id for result in chosen[10:]])
            Result.objects.filter(pk__in=[result.pk for result in chosen[10:]]).delete()

    def work(self) -> None:
        search_tick()

    def state(self) -> State:
        return {"documents": get_engine().count()}


class Matching(Stage):
    def prepare(self) -> None:
        Match.objects.all().delete()
        MatchRun.objects.all().delete()
        Delivery.objects.all().delete()
        Notice.objects.all().delete()
        for model in (*LISTING_MODELS.values(), Result):
            model.objects.update(matched_version=0)

    def work(self) -> None:
        matching_tick()

    def state(self) -> State:
        matches = Match.objects.select_related("need", "result", "offer", "equipment")
        notices = Notice.objects.filter(kind__startswith="match")
        return {
            "matches": sorted(
                [m.need.public_id, m.kind, m.candidate.public_id, m.rank, m.band, round(m.score, 4)]
                + [m.retired_at is not None]
                for m in matches
            ),
            "runs": sorted(
                MatchRun.objects.values_list("need__public_id", "content_version", "shown")
            ),
            # By what they say: their keys hold the random ids of matches.
            "notices": sorted(_told(notice) for notice in notices.select_related("recipient")),
            "desk": sorted(Outreach.objects.values_list("organization__name_key", "state")),
            "mails": sorted(Delivery.objects.values_list("recipient__email", "is_digest")),
        }

    def faults(self) -> list[str]:
        ready = Need.objects.public()
        faults = []
        if missing := ready.exclude(pk__in=MatchRun.objects.values("need")).count():
            faults.append(f"{missing} public needs were never matched")
        if behind := ready.stale("matched_version").count():
            faults.append(f"{behind} public needs are still to be matched")
        if not Match.objects.exists():
            faults.append("no matches at all: nothing was proved")
        return faults


def _told(notice: Notice) -> list[Any]:
    context = notice.context
    about = sorted(row["title"] for row in context.get("matches", ()))
    about = about or [context.get("candidate_title", "")]
    return [notice.recipient.email, notice.kind, context.get("need_number", ""), about]


class Deliver(Stage):
    PEOPLE = 120

    def prepare(self) -> None:
        """Notices of the demo told to many more people, each by a mail of its own, due now."""
        models = list(Notice.objects.order_by("pk")[:20])
        now = clock.now()
        with transaction.atomic():
            Delivery.objects.update(state=DeliveryState.CANCELLED)
            for number in range(self.PEOPLE):
                person = User.objects.create(
                    email=f"nguoi{number}@example.vn", full_name=f"Người {number}", language="vi"
                )
                model = self.random.choice(models)
                notice = Notice.objects.create(
                    recipient=person, kind=model.kind, dedupe_key=model.dedupe_key,
                    context=model.context, url=model.url, created_at=now,
                )  # fmt: skip
                delivery = Delivery.objects.create(
                    recipient=person, dedupe_key=f"kill:{number}", not_before=now, created_at=now
                )
                delivery.notices.add(notice)

    def work(self) -> None:
        deliver_tick()

    def state(self) -> State:
        mine = Delivery.objects.filter(dedupe_key__startswith="kill:")
        return {
            "states": sorted(mine.values_list("dedupe_key", "state")),
            "mails": sorted(set(self._sent())),
        }

    def faults(self) -> list[str]:
        sent = Counter(self._sent())
        mine = Delivery.objects.filter(dedupe_key__startswith="kill:")
        wanted = {message_id(delivery) for delivery in mine}
        faults = [f"never sent: {key}" for key in sorted(wanted - set(sent))]
        faults += [f"sent, but nobody's: {key}" for key in sorted(set(sent) - wanted)]
        # One mail may have left before the kill and its row been marked after: once, under one id.
        twice = [key for key, times in sent.items() if times > 1]
        if len(twice) > 1 or any(sent[key] > 2 for key in twice):
            faults.append(f"{len(twice)} mails were sent more than once")
        return faults[:20]

    def _sent(self) -> list[str]:
        found = []
        for path in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
            found += re.findall(
                r"^Message-ID: (<\S+>)", path.read_text(encoding="utf-8"), re.MULTILINE
            )
        return found


class Publish(Stage):
    NEEDS = 5

    def prepare(self) -> None:
        rows = posting.sample(str(self.random.random()), self.NEEDS)
        data_file("needs.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")

    def work(self) -> None:
        """What people do, one click after the other; after a kill they go on with what they see."""
        for record in json.loads(data_file("needs.json").read_text(encoding="utf-8")):
            need = self._draft(record)
            for step in (posting.submit, posting.approve_first, posting.approve_last):
                if self._is_next(need, step):
                    step(need)
        search_tick()
        matching_tick()

    def _draft(self, record: dict[str, Any]) -> Need:
        """Their draft, or the empty one that they had just begun."""
        needs = Need.objects.filter(organization__memberships__user=posting.user(posting.POSTER))
        begun = needs.filter(draft_title=record["title"]).first()
        return begun or posting.write(record, into=needs.filter(draft_title="").first())

    def _is_next(self, need: Need, step: Any) -> bool:
        need = Need.objects.get(pk=need.pk)
        waiting = need.current_workflow_task_state
        if need.live or waiting is None:
            return step is posting.submit and not need.live
        is_last = waiting.workflow_state.is_at_final_task
        return step is (posting.approve_last if is_last else posting.approve_first)

    def _mine(self) -> list[Need]:
        titles = [
            row["title"] for row in json.loads(data_file("needs.json").read_text(encoding="utf-8"))
        ]
        return list(Need.objects.filter(draft_title__in=titles).order_by("draft_title"))

    def state(self) -> State:
        rows = []
        for need in self._mine():
            decisions = ReviewDecision.objects.filter(kind="need", key=need.public_id)
            audited = AuditEntry.objects.filter(subject__contains=need.public_id)
            notices = Notice.objects.filter(dedupe_key__contains=need.public_id)
            rows.append(
                {
                    "title": need.title,
                    "live": need.is_public,
                    "specifications": need.specifications.count(),
                    "decisions": sorted(decisions.values_list("decision", flat=True)),
                    "workflows": sorted(need.workflow_states.values_list("status", flat=True)),
                    "audit": sorted(audited.values_list("action", flat=True)),
                    "notices": sorted(notices.values_list("recipient__email", "kind")),
                    "matches": need.matches.filter(retired_at=None).count(),
                }
            )
        return {"needs": rows}

    def faults(self) -> list[str]:
        faults = index_faults()
        numbers = [need.number for need in self._mine()]
        if None in numbers or len(set(numbers)) != self.NEEDS:
            faults.append(f"numbers of the needs: {numbers}")
        if held := Lease.objects.exclude(owner="").count():
            faults.append(f"{held} leases are still held")
        return faults


STAGES: dict[str, type[Stage]] = {
    "import": Import,
    "harvest": Harvest,
    "undo": Undo,
    "sync": Sync,
    "matching": Matching,
    "alerts": Alerts,
    "deliver": Deliver,
    "publish": Publish,
}
