from django.db import migrations

#: What `core.words` asks for.
INDEX = (
    "CREATE INDEX CONCURRENTLY organization_name_words ON accounts_organization"
    " USING gin (to_tsvector('simple', translate(name_folded, '-+./@:&<_~', '          ')))"
)
DROP = "DROP INDEX CONCURRENTLY IF EXISTS organization_name_words"


def create(apps, schema_editor):
    """On PostgreSQL alone. One that was interrupted leaves an index that is not used: made anew."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP, params=None)
        schema_editor.execute(INDEX, params=None)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP, params=None)


class Migration(migrations.Migration):
    # Nobody waits for it: records come in while the index is made.
    atomic = False
    replaces = [("accounts", "0006_name_words")]
    dependencies = [("accounts", "0002_tables")]
    operations = [migrations.RunPython(create, drop)]
