import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("api", "0001_published_records"),
        ("api", "0002_shared_records"),
        ("api", "0003_organization_keys"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_tables"),
        ("core", "0001_tables"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Export',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('made_at', models.DateTimeField()),
                        ('position', models.PositiveBigIntegerField()),
                        ('records', models.PositiveBigIntegerField()),
                        ('files', models.JSONField(default=list)),
                    ],
                ),
                migrations.CreateModel(
                    name='OrganizationKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=120, verbose_name='tên gọi')),
                        ('prefix', models.CharField(editable=False, max_length=16, unique=True, verbose_name='bắt đầu bằng')),
                        ('secret_hash', models.CharField(editable=False, max_length=64)),
                        ('created_at', models.DateTimeField(verbose_name='tạo lúc')),
                        ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='thu hồi lúc')),
                        ('scopes', models.JSONField(default=list, verbose_name='được làm gì')),
                        ('expires_at', models.DateTimeField(verbose_name='hết hạn lúc')),
                        ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='dùng lần cuối')),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='accounts.organization')),
                        ('revoked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'khóa API của tổ chức',
                        'verbose_name_plural': 'khóa API của tổ chức',
                        'ordering': ['-created_at', '-pk'],
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='PublishedRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=12)),
                        ('key', models.CharField(max_length=12)),
                        ('position', models.PositiveBigIntegerField(unique=True)),
                        ('datestamp', models.DateTimeField()),
                        ('is_deleted', models.BooleanField(default=False)),
                        ('was_public', models.BooleanField(default=True)),
                        ('shared_by', models.CharField(blank=True, max_length=60)),
                        ('sets', models.CharField(blank=True, max_length=600)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['datestamp', 'position'], name='published_by_datestamp')],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='published_record_once')],
                    },
                ),
            ]
        ),
    ]
