from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command

from marketplace.core.errors import DomainError
from marketplace.core.models import AuditEntry
from marketplace.matching import pipeline, rematching
from marketplace.matching.models import Match, MatchRun, WeightActivation
from marketplace.matching.scoring.weights import shipped_weights
from marketplace.matching.weighing import activate_weights, active_weights, keep_weights
from marketplace.notifications.models import Notice
from tests.factories.accounts import CuratorFactory, MembershipFactory
from tests.factories.research import ResultFactory

pytestmark = pytest.mark.django_db


def other(version: str = "other"):
    return replace(shipped_weights(), version=version, elements=0.1)


def test_what_the_project_ships_holds_until_others_are_put_in_force():
    assert active_weights() == shipped_weights()
    keep_weights(other())
    assert active_weights() == shipped_weights()

    lead = CuratorFactory()
    activation = activate_weights("other", by=lead)

    assert active_weights() == other()
    assert activation.activated_by == lead
    entry = AuditEntry.objects.get(action="matching.weights_activated")
    assert (entry.subject, entry.data) == (
        "weights:other",
        {"before": shipped_weights().version},
    )


def test_the_shipped_ones_can_be_put_back():
    keep_weights(other())
    activate_weights("other", by="test")
    activate_weights(shipped_weights().version, by="test")
    assert active_weights() == shipped_weights()
    assert [row.weight_set.version for row in WeightActivation.objects.all()] == [
        shipped_weights().version,
        "other",
    ]


def test_a_version_never_changes_its_values():
    keep_weights(other())
    keep_weights(other())
    with pytest.raises(DomainError):
        keep_weights(replace(other(), elements=0.3))
    with pytest.raises(DomainError):
        activate_weights("unheard-of", by="test")
    activate_weights("other", by="test")
    with pytest.raises(DomainError):
        activate_weights("other", by="test")
    assert WeightActivation.objects.count() == 1


def test_command_tells_and_puts_in_force(capsys):
    keep_weights(other())
    call_command("activate_weights", "other")
    assert "in force: other" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("activate_weights", "unheard-of")


def test_needs_that_other_weights_ranked_are_matched_again_and_nobody_is_told_again(
    mango_need, tick
):
    ResultFactory(organization=MembershipFactory().organization)
    tick()
    told = Notice.objects.count()
    run = MatchRun.objects.get()
    assert run.weights_version == Match.objects.get().weights_version == shipped_weights().version
    assert pipeline.run_batch() == 0

    keep_weights(other())
    activate_weights("other", by="test")
    assert pipeline.run_batch() == 1
    assert pipeline.run_batch() == 0

    run.refresh_from_db()
    assert run.weights_version == Match.objects.get().weights_version == "other"
    assert Notice.objects.count() == told


@pytest.mark.kill
def test_kill_while_matching_again_goes_on_where_it_stood(mango_need, tick, monkeypatch):
    ResultFactory()
    tick()
    keep_weights(other())
    activate_weights("other", by="test")
    match_need = rematching.match_need

    def killed(need, **counted):
        match_need(need)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rematching, "match_need", killed)
        with pytest.raises(KeyboardInterrupt):
            pipeline.run_batch()

    assert pipeline.run_batch() == 0
    assert MatchRun.objects.get().weights_version == "other"
    assert Match.objects.count() == 1
