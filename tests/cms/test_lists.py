"""Long lists of staff: whichever page is opened, each row stands on one of them, in the list's order."""

from django.urls import reverse

from cms.listings import url_name
from marketplace.listings.models import Need
from tests.factories.listings import NeedFactory


def test_pages_of_listings_hold_every_row_once_in_their_order(officer, as_user):
    made = NeedFactory.create_batch(65)
    index, client = reverse(url_name(Need, "list")), as_user(officer)
    shown = [
        [row.pk for row in client.get(index, {"p": page}).context["object_list"]]
        for page in (1, 2, 3)
    ]
    assert [len(page) for page in shown] == [30, 30, 5]
    wanted = Need.objects.filter(pk__in=[one.pk for one in made]).order_by("-submitted_at", "-pk")
    assert sum(shown, []) == list(wanted.values_list("pk", flat=True))


def test_a_page_by_another_column_keeps_its_order(officer, as_user):
    for number, need in enumerate(NeedFactory.create_batch(35)):
        Need.objects.filter(pk=need.pk).update(draft_title=f"Nhu cầu {number * 8 % 35:02}")
    index, client = reverse(url_name(Need, "list")), as_user(officer)
    page = client.get(index, {"ordering": "draft_title", "p": 2}).context["object_list"]
    assert [row.draft_title for row in page] == [f"Nhu cầu {number}" for number in range(30, 35)]
