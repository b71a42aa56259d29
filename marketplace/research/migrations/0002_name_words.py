from django.db import migrations

#: What `core.words` asks for.
INDEX = (
    "CREATE INDEX CONCURRENTLY person_name_words ON research_person"
    " USING gin (to_tsvector('simple', translate(name_folded, '-+./@:&<_~', '          ')))"
)
DROP = "DROP INDEX CONCURRENTLY IF EXISTS person_name_words"


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
    replaces = [("research", "0015_name_words")]
    dependencies = [("research", "0001_tables")]
    operations = [migrations.RunPython(create, drop)]
