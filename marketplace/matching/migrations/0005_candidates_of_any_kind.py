"""What was matched is named by kind and key: kinds of supply are registered, not columns."""

from django.db import migrations, models
from django.db.models import F

_KINDS = ("result", "offer", "equipment")


def name_candidates(apps, schema_editor):
    matches = apps.get_model("matching", "Match").objects
    for kind in _KINDS:
        rows = matches.filter(**{f"{kind}__isnull": False})
        rows.update(kind=kind, candidate_id=F(f"{kind}_id"))


def point_to_candidates(apps, schema_editor):
    matches = apps.get_model("matching", "Match").objects
    for kind in _KINDS:
        matches.filter(kind=kind).update(**{f"{kind}_id": F("candidate_id")})


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_people")]

    operations = [
        migrations.AddField(
            "match", "kind", models.CharField(max_length=20, default=""), preserve_default=False
        ),
        migrations.AddField(
            "match",
            "candidate_id",
            models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("match", "match_has_one_candidate"),
        migrations.RemoveConstraint("match", "match_result_once"),
        migrations.RemoveConstraint("match", "match_offer_once"),
        migrations.RemoveConstraint("match", "match_equipment_once"),
        migrations.RunPython(name_candidates, point_to_candidates),
    ]
