from django.db import migrations


class Migration(migrations.Migration):
    """Runs belong to `sources` from here on; the table and its rows stay (see sources 0001)."""

    dependencies = [
        ("research", "0004_listed_version"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="ImportRun")], database_operations=[]
        ),
    ]
