from django.db import migrations

from marketplace.core.audit import guard


def install(apps, schema_editor):
    guard.install(schema_editor.connection)


def remove(apps, schema_editor):
    guard.remove(schema_editor.connection)


class Migration(migrations.Migration):
    replaces = [("core", "0004_audit_guard")]
    dependencies = [("core", "0001_tables")]

    operations = [migrations.RunPython(install, remove)]
