import django.db.models.deletion
import django.db.models.functions.datetime
import marketplace.core.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_staff_look_first'),
        ('research', '0015_name_words'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='application',
            name='application_once_a_year_and_place',
        ),
        migrations.AddField(
            model_name='application',
            name='content_hash',
            field=models.CharField(blank=True, db_default='', db_index=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name='application',
            name='content_version',
            field=models.PositiveBigIntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name='application',
            name='counted_on',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='research.result'),
        ),
        migrations.AddField(
            model_name='application',
            name='counted_version',
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='application',
            name='imported_at',
            field=models.DateTimeField(auto_now_add=True, db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='application',
            name='result_key',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=120),
        ),
        migrations.AddField(
            model_name='application',
            name='result_number',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='số của kết quả'),
        ),
        migrations.AddField(
            model_name='application',
            name='source',
            field=models.CharField(db_default='dang-ky', default='dang-ky', editable=False, max_length=60, verbose_name='nguồn'),
        ),
        migrations.AddField(
            model_name='application',
            name='source_id',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=120, verbose_name='mã trong nguồn'),
        ),
        migrations.AddField(
            model_name='application',
            name='tied_number',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=120),
        ),
        migrations.AddField(
            model_name='application',
            name='public_id',
            field=models.CharField(blank=True, editable=False, max_length=12, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='application',
            name='public_id',
            field=models.CharField(blank=True, default=marketplace.core.text.new_public_id, editable=False, max_length=12, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='application',
            name='result',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='applications', to='research.result', verbose_name='kết quả'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('counted_version__lt', models.F('content_version'))), fields=['id'], name='application_to_count'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('result', None)), fields=['result_key'], name='application_waiting'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('source', 'dang-ky')), fields=('result', 'year_number', 'organization_name', 'place'), name='application_once_a_year_and_place'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('source', 'source_id'), name='application_source_once'),
        ),
    ]
