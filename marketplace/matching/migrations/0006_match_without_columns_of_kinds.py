"""The columns of single kinds of supply go, now that kind and key stand beside them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0005_candidates_of_any_kind")]

    operations = [
        migrations.RemoveField("match", "result"),
        migrations.RemoveField("match", "offer"),
        migrations.RemoveField("match", "equipment"),
        migrations.AddConstraint(
            "match",
            models.UniqueConstraint(
                fields=["need", "kind", "candidate_id"], name="match_candidate_once"
            ),
        ),
        migrations.AddIndex(
            "match", models.Index(fields=["kind", "candidate_id"], name="match_of_candidate")
        ),
    ]
