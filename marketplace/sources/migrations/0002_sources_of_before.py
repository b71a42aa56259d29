from django.db import migrations


def make_sources(apps, schema_editor):
    """Results and runs name a source by its slug: each of them gets its row."""
    Source = apps.get_model("sources", "Source")
    Run = apps.get_model("sources", "Run")
    Result = apps.get_model("research", "Result")
    slugs = set(Result.objects.order_by().values_list("source", flat=True).distinct())
    last = {}
    for run in Run.objects.order_by("pk"):
        slugs.add(run.source)
        if run.finished_at:
            last[run.source] = run
    for slug in sorted(slugs):
        run = last.get(slug)
        Source.objects.get_or_create(
            slug=slug,
            defaults={
                "name": slug,
                "last_read_at": run.finished_at if run else None,
                "last_problem": run.problem if run else "",
            },
        )


def keep_rights(apps, schema_editor):
    """Who may see runs still may: the right moves with the model."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    kind = ContentType.objects.filter(app_label="research", model="importrun").first()
    if kind is None or ContentType.objects.filter(app_label="sources", model="run").exists():
        return
    kind.app_label, kind.model = "sources", "run"
    kind.save()
    for right in Permission.objects.filter(content_type=kind):
        right.codename = right.codename.replace("_importrun", "_run")
        right.save()


class Migration(migrations.Migration):

    dependencies = [
        ("sources", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(make_sources, migrations.RunPython.noop),
        migrations.RunPython(keep_rights, migrations.RunPython.noop),
    ]
