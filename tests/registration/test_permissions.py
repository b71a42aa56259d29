"""Who may do what: owner, colleague, viewer, stranger, other officer, right officer, agency, curator."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.urls import reverse

from marketplace.registration import services
from marketplace.registration.models import Certificate, CertifiedCopy, Dossier
from tests.factories.registration import DossierFactory, pdf_upload
from tests.factories.research import TaskFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

FIELDS = {"title": "Đã đổi tên", "tiep": "1"}
#: view → (state it needs, what is posted, who may).
WRITES = {
    "edit": ("draft", FIELDS, {"owner", "colleague"}),
    "files": ("draft", {"tai-len": "minutes"}, {"owner", "colleague"}),
    "submit": ("ready", {}, {"owner"}),
    "recall": ("submitted", {}, {"owner"}),
    "withdraw": ("draft", {"note": ""}, {"owner"}),
    "request_copy": ("registered", {"purpose": "Thanh lý"}, {"owner"}),
    "begin": ("submitted", {}, {"officer", "reader"}),
    "send_back": ("in_review", {"reason_0": "unreadable"}, {"officer", "reader"}),
    "refuse": ("in_review", {"khong-note": "Trùng"}, {"officer", "reader"}),
    "accept": ("in_review", {}, {"officer", "reader"}),
    "take_back": ("accepted", {"note": "Sai tên"}, {"officer", "reader"}),
    "issue": ("accepted", {}, {"officer"}),
    "answer_copy": ("copy_asked", {}, {"officer"}),
}
READS = {
    "dossier": {"owner", "colleague", "viewer"},
    "file": {"owner", "colleague", "viewer"},
    "certificate": {"owner", "colleague", "viewer"},
    "desk_dossier": {"officer", "reader", "agency_officer"},
    "desk_file": {"officer", "reader", "agency_officer"},
    "desk_certificate": {"officer", "reader", "agency_officer"},
}
CAST = [
    "owner", "colleague", "viewer", "stranger", "curator", "officer", "reader", "other_officer",
    "agency_officer",
]  # fmt: skip


def in_state(state, organization, owner):
    reached = {"ready": "returned", "copy_asked": "registered"}.get(state, state)
    dossier = DossierFactory(organization=organization, created_by=owner, state=reached)
    if reached == "registered":
        services.print_batch()
    if state == "copy_asked":
        certificate = Certificate.objects.get(dossier=dossier)
        services.request_copy(certificate, by=owner, purpose="Thanh lý")
    return dossier


def address(name, dossier):
    args = [dossier.public_id]
    if name == "edit":
        args.append("nhiem-vu")
    if name in ("file", "desk_file"):
        args.append(dossier.files.order_by("pk").first().key)
    if name == "answer_copy":
        args.append(CertifiedCopy.objects.get().public_id)
    return reverse(f"registration:{name}", args=args)


def everything():
    return (
        list(Dossier.objects.order_by("pk").values()),
        list(Certificate.objects.order_by("pk").values()),
        list(CertifiedCopy.objects.order_by("pk").values()),
        [file for d in Dossier.objects.order_by("pk") for file in d.files.values_list("sha256")],
        [entry for d in Dossier.objects.order_by("pk") for entry in d.log.values_list("action")],
    )


def signed_in(client, user):
    if not is_mfa_enabled(user):
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client.force_login(user)
    return client


@pytest.fixture
def everybody(request):
    """The whole cast, each on the stage before the dossier is."""
    return {name: request.getfixturevalue(name) for name in CAST}


@pytest.mark.parametrize("name", list(WRITES))
def test_write_is_open_to_whom_it_belongs_and_changes_nothing_for_others(
    name, everybody, organization, client
):
    state, form, allowed = WRITES[name]
    dossier = in_state(state, organization, everybody["owner"])
    url = address(name, dossier)
    before = everything()

    def sent():
        files = {"minutes-files": [pdf_upload("moi.pdf", "Bien ban moi " * 5)]}
        return form | (files if name == "files" else {})

    assert reverse("account_login") in client.post(url, sent())["Location"]
    for person in sorted(set(CAST) - allowed):
        response = signed_in(client, everybody[person]).post(url, sent())
        assert response.status_code == 404, person
        assert everything() == before, person
    who = sorted(allowed)[-1]
    assert signed_in(client, everybody[who]).post(url, sent()).status_code == 302
    assert everything() != before


@pytest.mark.parametrize(
    ("name", "person"),
    [(n, p) for n, (_s, _f, allowed) in WRITES.items() for p in sorted(allowed)[:-1]],
)
def test_write_is_open_to_the_others_of_whom_it_belongs_to(
    name, person, everybody, organization, client
):
    state, form, _allowed = WRITES[name]
    dossier = in_state(state, organization, everybody["owner"])
    files = (
        {"minutes-files": [pdf_upload("moi.pdf", "Bien ban moi " * 5)]} if name == "files" else {}
    )
    before = everything()

    response = signed_in(client, everybody[person]).post(address(name, dossier), form | files)

    assert response.status_code == 302
    assert everything() != before


def test_page_and_files_are_for_the_own_side_the_right_desk_and_the_agency(
    everybody, organization, client
):
    dossier = in_state("registered", organization, everybody["owner"])
    for name, allowed in READS.items():
        url = address(name, dossier)
        client.logout()
        assert client.get(url).status_code == 302
        for person in CAST:
            status = signed_in(client, everybody[person]).get(url).status_code
            assert status == (200 if person in allowed else 404), (name, person)


def test_a_draft_is_on_nobodys_desk(everybody, organization, client):
    dossier = in_state("draft", organization, everybody["owner"])
    for person in ("officer", "agency_officer"):
        client_of = signed_in(client, everybody[person])
        assert (
            client_of.get(
                reverse("registration:desk_dossier", args=[dossier.public_id])
            ).status_code
            == 404
        )
        assert dossier.title not in client_of.get(reverse("registration:desk")).content.decode()


def test_queue_shows_each_desk_its_own_and_the_agency_all(everybody, organization, client):
    dossier = in_state("submitted", organization, everybody["owner"])
    for person in CAST:
        response = signed_in(client, everybody[person]).get(reverse("registration:desk"))
        if person in ("officer", "reader", "agency_officer"):
            assert dossier.title in response.content.decode(), person
        elif person == "other_officer":
            assert response.status_code == 200
            assert dossier.title not in response.content.decode()
        else:
            assert response.status_code == 404, person


def test_desk_asks_for_a_second_factor(officer, client):
    client.force_login(officer)

    response = client.get(reverse("registration:desk"))

    assert response["Location"] == reverse("mfa_index")


def test_who_left_the_focal_point_sees_nothing_of_it(everybody, organization, ministry, client):
    dossier = in_state("submitted", organization, everybody["owner"])
    officer = everybody["officer"]
    officer.focal_offices.all().delete()

    url = reverse("registration:desk_dossier", args=[dossier.public_id])
    assert signed_in(client, officer).get(url).status_code == 404


@pytest.mark.parametrize("person", ["viewer", "stranger", "curator", "officer"])
def test_start_is_for_who_writes_for_the_lead_organisation(person, everybody, organization, client):
    task = TaskFactory(organization=organization)
    url = reverse("registration:start", args=[task.public_id])

    assert client.get(url).status_code == 302
    response = signed_in(client, everybody[person]).post(url, {"secrecy": "normal"})

    assert response.status_code == 404
    assert not Dossier.objects.exists()


def test_secret_task_is_refused_at_the_door_and_nothing_is_kept(colleague, organization, client):
    task = TaskFactory(organization=organization)
    client.force_login(colleague)

    response = client.post(
        reverse("registration:start", args=[task.public_id]), {"secrecy": "top_secret"}
    )

    assert response.status_code == 400
    assert "bí mật nhà nước" in response.content.decode()
    assert not Dossier.objects.exists()
