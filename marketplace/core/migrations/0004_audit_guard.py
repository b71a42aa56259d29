from django.db import migrations

from marketplace.core.audit import guard


def install(apps, schema_editor):
    guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0003_audit_archive")]

    operations = [migrations.RunPython(install, remove)]
