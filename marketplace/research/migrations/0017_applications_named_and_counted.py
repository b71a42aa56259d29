from django.db import migrations, models

from marketplace.core.text import new_public_id


def name_and_count(apps, schema_editor):
    """Reports of before get a name of their own; those that stand have been counted."""
    rows = apps.get_model('research', 'Application').objects
    for pk in list(rows.filter(public_id=None).values_list('pk', flat=True)):
        rows.filter(pk=pk).update(public_id=new_public_id())
    rows.filter(withdrawn_at=None).update(counted_on=models.F('result'))
    rows.update(counted_version=models.F('content_version'))


class Migration(migrations.Migration):

    dependencies = [
        ('research', '0016_applications_brought_in'),
    ]

    operations = [
        migrations.RunPython(name_and_count, migrations.RunPython.noop),
    ]
