from django.db import migrations, models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

FILTERS = ("level", "agency", "province", "programme", "organization", "trail")


def fill(apps, schema_editor):
    """What the new columns say lies in the records and entries already."""
    database = schema_editor.connection.alias
    Entry = apps.get_model("research", "Entry").objects.using(database)
    fields = apps.get_model("research", "EntryField").objects.using(database)
    for register, name in (("result", "Result"), ("task", "Task")):
        records = apps.get_model("research", name).objects.using(database)
        trail = Subquery(records.filter(pk=OuterRef("record")).values("field_trail")[:1])
        Entry.filter(register=register).update(trail=Coalesce(trail, Value("")))
    of_it = Entry.filter(pk=OuterRef("entry_id"))
    fields.update(**{name: Subquery(of_it.values(name)[:1]) for name in FILTERS})


class Migration(migrations.Migration):
    dependencies = [("research", "0008_tasks_brought_in")]

    operations = [
        *(
            migrations.RemoveIndex(model_name="entry", name=f"entry_{name}")
            for name in (
                "newest", "level", "agency", "province", "programme", "organization",
            )
        ),
        migrations.RemoveIndex(model_name="entryfield", name="entry_field_newest"),
        migrations.AddField(
            "entry", "trail", models.CharField(blank=True, db_default="", max_length=400)
        ),
        migrations.AddField(
            "entryfield", "trail", models.CharField(blank=True, db_default="", max_length=400)
        ),
        migrations.AddField(
            "entryfield", "level", models.CharField(blank=True, db_default="", max_length=12)
        ),
        migrations.AddField(
            "entryfield", "province", models.CharField(blank=True, db_default="", max_length=4)
        ),
        *(
            migrations.AddField("entryfield", name, models.BigIntegerField(null=True))
            for name in ("agency", "programme", "organization")
        ),
        # The constraint over entry and code serves for it.
        migrations.AlterField(
            "entryfield",
            "entry",
            models.ForeignKey(
                "research.Entry", models.CASCADE, related_name="fields", db_index=False
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
