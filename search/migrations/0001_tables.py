import django.db.models.deletion
from django.db import migrations, models

import marketplace.core.clock
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("search", "0001_initial"),
        ("search", "0002_runs_and_problems"),
        ("search", "0003_passages"),
    ]

    initial = True

    dependencies = []

    dependencies = [("core", "0001_tables")]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='PassageState',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('change', models.PositiveBigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name='IndexProblem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('stage', models.CharField(max_length=20)),
                        ('subject', models.CharField(blank=True, max_length=120)),
                        ('message', models.CharField(max_length=300)),
                        ('first_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('last_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('times', models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        'ordering': ['-last_at'],
                        'constraints': [models.UniqueConstraint(fields=('stage', 'subject', 'message'), name='index_problem_once')],
                    },
                ),
                migrations.CreateModel(
                    name='IndexRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('rebuild', 'Dựng lại'), ('check', 'Đối chiếu'), ('repair', 'Đối chiếu và sửa')], max_length=8)),
                        ('state', models.CharField(choices=[('asked', 'Đang chờ'), ('running', 'Đang chạy'), ('swapping', 'Đang chuyển'), ('failed', 'Lỗi, chạy lại được'), ('done', 'Xong')], default='asked', max_length=8)),
                        ('asked_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('started_at', models.DateTimeField(null=True)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('builder', models.CharField(blank=True, max_length=120)),
                        ('position', models.JSONField(default=dict)),
                        ('done', models.PositiveBigIntegerField(default=0)),
                        ('total', models.PositiveBigIntegerField(default=0)),
                        ('outcome', models.JSONField(default=dict)),
                        ('error', models.TextField(blank=True)),
                    ],
                    options={
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('kind',), name='one_open_index_run_of_a_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='BuiltChunk',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40)),
                        ('after', models.PositiveBigIntegerField()),
                        ('last', models.PositiveBigIntegerField()),
                        ('count', models.PositiveIntegerField()),
                        ('rows', models.JSONField()),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='search.indexrun')),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Passage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40)),
                        ('row', models.PositiveBigIntegerField()),
                        ('key', models.CharField(max_length=64)),
                        ('version', models.PositiveBigIntegerField()),
                        ('model', models.CharField(max_length=60)),
                        ('language', models.CharField(blank=True, max_length=2)),
                        ('vector', models.BinaryField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['kind', 'key'], name='passage_by_key')],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'row'), name='passage_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Tombstone',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40)),
                        ('key', models.CharField(max_length=64)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='tombstone_once')],
                    },
                ),
            ]
        ),
    ]
