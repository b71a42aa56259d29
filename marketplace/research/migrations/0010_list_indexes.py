from django.db import migrations, models

FILTERS = ("level", "agency", "province", "programme", "organization", "trail")


def walked(name, *first):
    rest = [one for one in FILTERS if one not in first]
    return models.Index(fields=["register", *first, "-year", "-record", *rest], name=name)


class Migration(migrations.Migration):
    dependencies = [("research", "0009_lists_read_from_indexes")]

    operations = [
        migrations.AddIndex("entry", walked("entry_newest")),
        *(
            migrations.AddIndex("entry", walked(f"entry_{name}", name))
            for name in FILTERS
            if name != "trail"
        ),
        migrations.AddIndex("entryfield", walked("entry_field_newest", "code")),
    ]
