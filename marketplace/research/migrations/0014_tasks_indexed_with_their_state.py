"""Documents of tasks say their state, by which work under way is found: they are indexed once more."""

from django.db import migrations

_CHUNK = 5_000


def index_tasks_again(apps, schema_editor):
    tasks = apps.get_model("research", "Task").objects
    keys = list(tasks.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        tasks.filter(pk__range=(part[0], part[-1])).update(indexed_version=0)


class Migration(migrations.Migration):
    dependencies = [("research", "0013_status_before_reports")]

    operations = [migrations.RunPython(index_tasks_again, migrations.RunPython.noop)]
