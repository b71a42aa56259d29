"""Who may do what: the owner and a contributor may, a viewer, a stranger and a curator may not."""

import pytest
from django.urls import reverse

from marketplace.listings import services
from marketplace.listings.models import LISTING_MODELS
from tests.factories.listings import FACTORIES

WRITES = {
    "edit": ({"title": "Đã đổi", "tiep": "1"}, "live"),
    "submit": ({}, "draft"),
    "withdraw": ({"reason": "xong"}, "live"),
    "restore": ({}, "withdrawn"),
    "recall": ({}, "in_review"),
    "confirm": ({}, "live"),
    "extend": ({"until": "2099-01-01"}, "live"),
}
#: Every write on a need; on the other kinds the two that differ most.
CASES = [("need", name) for name in WRITES] + [
    (kind, name) for kind in ("offer", "equipment", "service") for name in ("edit", "withdraw")
]
FIRST_STEP = {
    "need": "nhu-cau",
    "offer": "cong-nghe",
    "equipment": "thiet-bi",
    "service": "dich-vu",
}


def in_state(kind, state, organization, contact):
    listing = FACTORIES[kind](
        organization=organization, contact=contact, published=state in ("live", "withdrawn")
    )
    if state == "withdrawn":
        services.withdraw(listing, by=contact)
    if state == "in_review":
        services.submit(listing, by=contact)
    return listing


def address(name, listing):
    args = [listing.KIND, listing.public_id]
    if name == "edit":
        args.append(FIRST_STEP[listing.KIND])
    return reverse(f"listings:{name}", args=args)


def everything_about(listing):
    row = type(listing).objects.filter(pk=listing.pk).values().get()
    states = list(listing.workflow_states.order_by("pk").values())
    return row, listing.revisions.order_by("pk").values_list("pk", "created_at")[::1], states


@pytest.mark.parametrize(("kind", "name"), CASES)
@pytest.mark.parametrize("person", ["viewer", "stranger", "curator", "nobody"])
def test_write_is_refused_and_changes_nothing(
    kind, name, person, request, organization, owner, workflow, client
):
    form, state = WRITES[name]
    listing = in_state(kind, state, organization, owner)
    before = everything_about(listing)
    if person != "nobody":
        client.force_login(request.getfixturevalue(person))

    response = client.post(address(name, listing), form)

    assert response.status_code == (302 if person == "nobody" else 404)
    if person == "nobody":
        assert reverse("account_login") in response["Location"]
    assert everything_about(listing) == before


@pytest.mark.parametrize(("kind", "name"), CASES)
@pytest.mark.parametrize("person", ["owner", "colleague"])
def test_write_is_open_to_those_who_edit(
    kind, name, person, request, organization, owner, workflow, client
):
    form, state = WRITES[name]
    listing = in_state(kind, state, organization, owner)
    before = everything_about(listing)
    client.force_login(request.getfixturevalue(person))
    if name == "extend":
        form = {"until": str(listing.valid_until or "2027-01-01")}

    response = client.post(address(name, listing), form)

    assert response.status_code == 302
    assert everything_about(listing) != before


@pytest.mark.parametrize("kind", list(FACTORIES))
@pytest.mark.parametrize("name", ["withdraw", "extend", "review", "edit"])
@pytest.mark.parametrize("person", ["viewer", "stranger", "curator"])
def test_forms_are_closed_to_those_who_may_not_edit(
    kind, name, person, request, organization, owner, client
):
    listing = in_state(kind, "live", organization, owner)
    client.force_login(request.getfixturevalue(person))

    assert client.get(address(name, listing)).status_code == 404


@pytest.mark.parametrize(
    ("person", "status"), [("owner", 200), ("viewer", 200), ("curator", 200), ("stranger", 404)]
)
def test_preview_is_for_the_organisation_and_staff(
    person, status, request, organization, owner, client
):
    draft = services.create_draft("need", organization=organization, contact=owner)
    client.force_login(request.getfixturevalue(person))

    assert client.get(address("preview", draft)).status_code == status


@pytest.mark.parametrize("kind", list(FACTORIES))
@pytest.mark.parametrize("person", ["viewer", "curator"])
def test_create_is_refused_to_those_who_do_not_edit(kind, person, request, client):
    client.force_login(request.getfixturevalue(person))

    response = client.post(reverse(f"listings:{kind}_create"), {"text": "Thử"})

    assert response.status_code == 200
    assert not LISTING_MODELS[kind].objects.exists()


@pytest.mark.parametrize("name", ["restore", "recall", "confirm", "submit"])
def test_a_get_does_not_act(name, organization, owner, client):
    listing = in_state("need", "live", organization, owner)
    client.force_login(owner)

    assert client.get(address(name, listing)).status_code == 405
