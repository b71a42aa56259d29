from django.db import migrations


def install(apps, schema_editor):
    from django.apps import apps as installed

    installed.get_app_config("payments").install_ledger_guard(schema_editor.connection)


def remove(apps, schema_editor):
    from django.apps import apps as installed

    installed.get_app_config("payments").remove_ledger_guard(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_tables")]

    operations = [migrations.RunPython(install, remove)]
