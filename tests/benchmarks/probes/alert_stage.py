"""The stage that takes new records to all saved searches and writes the notices of their hits."""

from collections import Counter

from django.core.management import call_command
from django.http import QueryDict

from marketplace.accounts.models import User
from marketplace.core.models import Lease
from marketplace.demo.records import records
from marketplace.notifications.alerts import match_new
from marketplace.notifications.models import Frequency, Notice, SavedSearch, SavedSearchHit
from marketplace.notifications.saved_searches import save_search
from marketplace.notifications.tasks import alert as alert_tick
from marketplace.notifications.telling import KIND, tell_due
from search.registry import sources
from search.tasks import sync as search_tick
from tests.benchmarks.probes.stage import Stage, State, data_file, write_results

PEOPLE = 12
SEARCHES_OF_EACH = 4
RECORDS = 600


class Alerts(Stage):
    NAME = "kill-alerts"

    def prepare(self) -> None:
        """Searches that know what is there, and new and changed records that some of them find."""
        titles = [record["title"] for record in records("results")]
        for number in range(PEOPLE):
            person = User.objects.create(
                email=f"theo-doi-{number}@example.vn", full_name=f"Người {number}", language="vi"
            )
            for _search in range(SEARCHES_OF_EACH):
                words = self.random.choice(titles).split()
                begin = self.random.randrange(max(1, len(words) - 3))
                asked = QueryDict(mutable=True)
                asked["q"] = " ".join(words[begin : begin + 3])
                save_search(asked, owner=person, frequency=Frequency.IMMEDIATE)
        self._drain()
        write_results(data_file(f"{self.NAME}.jsonl"), RECORDS, self.random)
        with data_file("import.log").open("a") as log:
            call_command(
                "import_results", str(data_file(f"{self.NAME}.jsonl")),
                no_index=True, stdout=log, stderr=log,
            )  # fmt: skip
        # Changed, and known already: these alert nobody again.
        for source in sources():
            source.model.objects.all().raise_content_version()
        search_tick()

    def _drain(self) -> None:
        while match_new():
            pass
        tell_due()

    def work(self) -> None:
        alert_tick()

    def state(self) -> State:
        hits = SavedSearchHit.objects.order_by("pk")
        return {
            "hits": sorted(hits.values_list("saved_search__public_id", "kind", "key")),
            "told": sorted(
                hits.exclude(told_at=None).values_list("saved_search__public_id", "kind", "key")
            ),
            "searches": sorted(
                SavedSearch.objects.values_list("public_id", "is_ready", "knows_all", "unlisted")
            ),
            "notices": sorted(
                [notice.recipient.email, notice.context["count"], self._named(notice)]
                for notice in Notice.objects.filter(kind=KIND).select_related("recipient")
            ),
        }

    def _named(self, notice: Notice) -> list[list[object]]:
        return sorted(
            [entry["search"], entry["count"], sorted(entry["hits"])]
            for entry in notice.context["entries"]
        )

    def faults(self) -> list[str]:
        faults = []
        notices = list(Notice.objects.filter(kind=KIND))
        told = Counter(
            (entry["search"], kind, key)
            for notice in notices
            for entry in notice.context["entries"]
            for kind, key in entry["hits"]
        )
        faults += [f"told twice: {hit}" for hit, times in told.items() if times > 1]
        if not told:
            faults.append("nobody was told of anything: nothing was proved")
        for source in sources():
            if behind := source.model.objects.stale("alerted_version").count():
                faults.append(f"{behind} rows of {source.kind} were never run against the searches")
        if waiting := SavedSearchHit.objects.filter(told_at=None).count():
            faults.append(f"{waiting} hits were never told")
        if held := Lease.objects.exclude(owner="").count():
            faults.append(f"{held} leases are still held")
        return faults[:20]
