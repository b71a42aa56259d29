"""Deals from the first interest to a paid milestone, as a stage that can be killed anywhere."""

from typing import Any

from marketplace.accounts.models import Organization
from marketplace.demo.dealings import INSTITUTE, SECOND, person_of
from marketplace.demo.records import records
from marketplace.listings.models import TechnologyOffer
from tests.benchmarks.probes.stage import Stage, State
from tests.deals.walking import faults_of_books, outcome, walk


class Dealing(Stage):
    DEALS = 2

    def prepare(self) -> None:
        """The demo has the organisations, their people, a verified account and offers that nobody asked for."""
        assert len(self._offers()) == self.DEALS

    def _organization(self, key: str) -> Organization:
        name = next(one["name"] for one in records("organizations") if one["key"] == key)
        return Organization.objects.get(name=name)

    def _offers(self) -> list[Any]:
        mine = TechnologyOffer.objects.public().filter(organization=self._organization(INSTITUTE))
        return list(mine.order_by("pk")[3 : 3 + self.DEALS])

    def work(self) -> None:
        buyer, seller = self._organization(SECOND), self._organization(INSTITUTE)
        for offer in self._offers():
            walk(offer, asker=buyer, buying=person_of(buyer), selling=person_of(seller))

    def state(self) -> State:
        return {offer.title: [outcome(offer)] for offer in self._offers()}

    def faults(self) -> list[str]:
        return faults_of_books([self._organization(key) for key in (SECOND, INSTITUTE)])
