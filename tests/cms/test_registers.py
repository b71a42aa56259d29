"""Tasks, programmes and people in the admin."""

import pytest
from django.urls import reverse

from marketplace.registration import rules
from marketplace.research.models import Form, FormField, Person, Programme, Task
from marketplace.research.naming import name_batch
from tests.factories.accounts import OrganizationFactory
from tests.factories.research import ProgrammeFactory, ResultFactory, TaskFactory

pytestmark = pytest.mark.django_db

TASK = {
    "title": "Nghiên cứu máy bóc vỏ lụa hạt điều",
    "form_code": "task-budget",
    "organization": "Viện Thử nghiệm điều",
    "lead": "Trần Thị Thử",
    "members": "Lê Văn Nghiệm",
    "level": "ministry",
}


@pytest.fixture
def two_of_a_name():
    for _each in range(2):
        ResultFactory(
            people=[{"name": "Nguyễn Văn Hùng", "role": "lead"}], organization=OrganizationFactory()
        )
    name_batch()
    return list(Person.objects.order_by("pk"))


def test_an_officer_enters_and_corrects_a_task(officer, as_user):
    client = as_user(officer)

    client.post(reverse("tasks:add"), TASK)
    task = Task.objects.get()
    assert (task.organization.name, task.lead, task.source) == (
        "Viện Thử nghiệm điều",
        "Trần Thị Thử",
        "dang-ky",
    )
    Task.objects.filter(pk=task.pk).update(people=[{**one, "degree": "TS."} for one in task.people])

    edit = reverse("tasks:edit", args=[task.pk])
    assert "Trần Thị Thử" in client.get(edit).content.decode()
    client.post(edit, TASK | {"title": "Nghiên cứu máy bóc vỏ điều", "members": ""})

    task.refresh_from_db()
    assert task.title == "Nghiên cứu máy bóc vỏ điều"
    assert task.people == [{"name": "Trần Thị Thử", "role": "lead", "degree": "TS."}]
    assert client.get(reverse("tasks:index")).status_code == 200


def test_a_task_has_the_fields_that_were_added_to_its_form(officer, as_user, client):
    form = Form.objects.create(code="phieu-them", register="task", label_vi="Phiếu thêm")
    FormField.objects.create(form=form, code="ngay-giao", label_vi="Ngày giao", type="date")
    FormField.objects.create(form=form, code="so-mau", label_vi="Số mẫu", type="number")
    rules.forget_books()
    browser = as_user(officer)
    browser.post(
        reverse("tasks:add"), TASK | {"extra-ngay-giao": "2026-03-05", "extra-so-mau": "1.200"}
    )
    task = Task.objects.get()
    assert task.extra == {"ngay-giao": "2026-03-05", "so-mau": 1200}
    edit = reverse("tasks:edit", args=[task.pk])
    assert "2026-03-05" in browser.get(edit).content.decode()
    browser.post(edit, TASK | {"extra-ngay-giao": "", "extra-so-mau": "7"})
    task.refresh_from_db()
    assert task.extra == {"so-mau": 7}
    assert "Số mẫu" in client.get(task.get_absolute_url()).content.decode()
    rules.forget_books()


def test_a_task_is_stopped_with_a_reason_and_taken_up_again(officer, as_user):
    task, client = TaskFactory(), as_user(officer)

    client.post(reverse("tasks:stop", args=[task.pk]), {"stop-reason": ""})
    task.refresh_from_db()
    assert task.state == "ongoing"

    client.post(reverse("tasks:stop", args=[task.pk]), {"stop-reason": "hết kinh phí"})
    task.refresh_from_db()
    assert task.state == "stopped"

    client.post(reverse("tasks:resume", args=[task.pk]))
    task.refresh_from_db()
    assert task.state == "ongoing"


def test_a_programme_is_entered_once(officer, as_user):
    client = as_user(officer)
    values = {"code": "KC.07/21-30", "name": "Cơ khí nông nghiệp", "agency": "Bộ Thử"}

    client.post(reverse("programmes:add"), values)
    again = client.post(reverse("programmes:add"), values | {"name": "Khác"})

    assert Programme.objects.get().name == "Cơ khí nông nghiệp"
    assert again.status_code == 200
    programme = Programme.objects.get()
    client.post(reverse("programmes:edit", args=[programme.pk]), values | {"start_year": "2021"})
    programme.refresh_from_db()
    assert programme.start_year == 2021
    assert client.get(reverse("programmes:index")).status_code == 200


def test_people_are_merged_split_and_put_back(officer, two_of_a_name, as_user):
    kept, other = two_of_a_name
    client = as_user(officer)
    page = reverse("people:edit", args=[kept.pk])
    assert other.public_id in client.get(page).content.decode()

    client.post(
        reverse("people:merge", args=[kept.pk]),
        {"merge-other": other.public_id, "merge-reason": "cùng một người"},
    )
    assert kept.participations.count() == 2
    assert client.get(other.get_absolute_url())["Location"] == kept.get_absolute_url()

    act = kept.acts.get()
    client.post(reverse("people:undo", args=[kept.pk]), {"act": act.pk})
    assert kept.participations.count() == 1

    client.post(
        reverse("people:merge", args=[kept.pk]),
        {"merge-other": other.public_id, "merge-reason": "lại gộp"},
    )
    part = kept.participations.order_by("pk").last()
    client.post(
        reverse("people:split", args=[kept.pk]), {"part": part.pk, "split-reason": "hai người"}
    )
    assert kept.participations.count() == 1
    client.post(page, {"name": "Nguyễn Văn Hùng", "orcid": "0000-0002-1825-0097"})
    kept.refresh_from_db()
    assert kept.orcid == "0000-0002-1825-0097"
    assert client.get(reverse("people:index"), {"words": "hung"}).status_code == 200


def test_nobody_else_changes_anything(poster, colleague, stranger, two_of_a_name, as_user):
    kept, other = two_of_a_name
    task, programme = TaskFactory(), ProgrammeFactory()
    acts = [
        (reverse("tasks:add"), TASK),
        (reverse("tasks:edit", args=[task.pk]), TASK),
        (reverse("tasks:stop", args=[task.pk]), {"stop-reason": "x"}),
        (reverse("tasks:resume", args=[task.pk]), {}),
        (reverse("programmes:add"), {"code": "X", "name": "X"}),
        (reverse("programmes:edit", args=[programme.pk]), {"code": "X", "name": "X"}),
        (reverse("people:edit", args=[kept.pk]), {"name": "Khác"}),
        (
            reverse("people:merge", args=[kept.pk]),
            {"merge-other": other.public_id, "merge-reason": "x"},
        ),
        (reverse("people:split", args=[kept.pk]), {"part": "1", "split-reason": "x"}),
        (reverse("people:undo", args=[kept.pk]), {"act": "1"}),
    ]
    before = [list(model.objects.order_by("pk").values()) for model in (Task, Programme, Person)]

    for user in (poster, colleague, stranger):
        client = as_user(user)
        for url, values in acts:
            assert client.post(url, values).status_code in (302, 403)

    after = [list(model.objects.order_by("pk").values()) for model in (Task, Programme, Person)]
    assert after == before
