"""Curation as data: made once, completed later, never overwritten."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from cms.groups import GROUPS, group_rights
from cms.models import HandedOut, ReviewTask
from cms.setup import STEPS, WORKFLOW, group_named, set_up_curation
from marketplace.accounts.models import Exchange
from marketplace.listings.models import LISTING_MODELS, ReturnReason
from marketplace.sources.models import Source


def counts():
    return {
        model.__name__: model.objects.count()
        for model in (
            Group,
            Permission,
            Workflow,
            WorkflowTask,
            WorkflowContentType,
            ReviewTask,
            ReturnReason,
            HandedOut,
        )
    }


def test_command_makes_what_staff_need(db, capsys):
    call_command("set_up_exchange", verbosity=1)

    assert Exchange.objects.count() == 1
    workflow = Workflow.objects.get(name=WORKFLOW)
    steps = [task.specific for task in workflow.tasks]
    assert [step.groups.get().name for step in steps] == [
        GROUPS[group] for _name, group, _standard in STEPS
    ]
    assert all(step.checks for step in steps)
    for model in LISTING_MODELS.values():
        assert model.get_default_workflow() == workflow
    assert ReturnReason.objects.filter(text_vi="").count() == 0
    assert ReturnReason.objects.filter(text_en="").count() == 0
    assert "Đã nạp danh mục" in capsys.readouterr().out


def test_running_it_again_adds_nothing(desk):
    before = counts()

    set_up_curation()

    assert counts() == before


def test_what_staff_changed_stays(desk):
    task = ReviewTask.objects.order_by("pk").first()
    task.quality_standard = "Một điều của riêng sàn."
    task.save()
    ReturnReason.objects.filter(code="duplicate").update(text_vi="Câu của riêng sàn.")
    group_named("officers").permissions.remove(Permission.objects.get(codename="change_need"))
    WorkflowTask.objects.order_by("-sort_order").first().delete()

    set_up_curation()

    task.refresh_from_db()
    assert task.quality_standard == "Một điều của riêng sàn."
    assert ReturnReason.objects.get(code="duplicate").text_vi == "Câu của riêng sàn."
    assert not group_named("officers").permissions.filter(codename="change_need").exists()
    assert WorkflowTask.objects.count() == 1


def test_group_of_an_older_version_gains_what_came_since_and_not_what_staff_took(desk):
    officers = group_named("officers")
    rights = Permission.objects.filter(
        codename__in=("change_attachment", "change_need", "view_result", "change_result")
    )
    officers.permissions.remove(*rights)
    HandedOut.objects.all().delete()

    set_up_curation()

    held = set(officers.permissions.values_list("codename", flat=True))
    assert held >= {"view_attachment", "change_attachment", "view_result", "change_result"}
    assert "change_need" not in held

    officers.permissions.remove(Permission.objects.get(codename="change_attachment"))
    set_up_curation()
    assert not officers.permissions.filter(codename="change_attachment").exists()


def test_right_that_a_new_version_brings_is_handed_out_once(desk, monkeypatch):
    officers, rights = group_named("officers"), group_rights()
    rights["officers"].append((ReturnReason, ("view",)))
    rights["officers"].append((Source, ("change",)))
    monkeypatch.setattr("cms.setup.group_rights", lambda: rights)
    new = {"view_returnreason", "change_source"}

    set_up_curation()

    assert set(officers.permissions.values_list("codename", flat=True)) >= new
    officers.permissions.remove(*Permission.objects.filter(codename__in=new))
    set_up_curation()
    assert not officers.permissions.filter(codename__in=new).exists()


def test_what_is_missing_is_added(desk):
    ReturnReason.objects.filter(code="duplicate").delete()

    set_up_curation()

    assert ReturnReason.objects.filter(code="duplicate").exists()


@pytest.mark.parametrize("model", LISTING_MODELS.values())
def test_only_leads_may_publish_and_nobody_may_add_or_delete(model, desk):
    def rights(group):
        return set(
            group_named(group)
            .permissions.filter(content_type__model=model._meta.model_name)
            .values_list("codename", flat=True)
        )

    name = model._meta.model_name
    assert rights("officers") == {f"view_{name}", f"change_{name}"}
    assert rights("leads") == {
        f"{right}_{name}" for right in ("view", "change", "publish", "lock", "unlock")
    }
