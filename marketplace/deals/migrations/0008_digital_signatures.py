import django.db.models.deletion
from django.db import migrations, models

import marketplace.core.clock


class Migration(migrations.Migration):

    dependencies = [
        ('deals', '0007_licences_and_reminders'),
    ]

    operations = [
        migrations.AddField(
            model_name='signedcopy',
            name='checked',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='signedcopy',
            name='checked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='signedcopy',
            name='checked_with',
            field=models.CharField(blank=True, default='', max_length=60),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name='ContractPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=marketplace.core.clock.now)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='deals.contractrecord')),
            ],
            options={
                'verbose_name': 'bản in của hợp đồng',
                'verbose_name_plural': 'bản in của hợp đồng',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('contract', 'sha256'), name='contract_paper_once')],
            },
        ),
    ]
