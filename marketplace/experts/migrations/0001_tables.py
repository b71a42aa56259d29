import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.text
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("experts", "0001_experts"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_tables"),
        ("core", "0001_tables"),
        ("research", "0001_tables"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='Expert',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('content_version', models.PositiveBigIntegerField(default=1, editable=False)),
                        ('indexed_version', models.PositiveBigIntegerField(default=0, editable=False)),
                        ('matched_version', models.PositiveBigIntegerField(default=0, editable=False)),
                        ('alerted_version', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                        ('headline', models.CharField(blank=True, max_length=200, verbose_name='Chuyên môn trong một câu')),
                        ('advises_on', models.TextField(blank=True, verbose_name='Tư vấn được việc gì')),
                        ('experience', models.TextField(blank=True, verbose_name='Kinh nghiệm')),
                        ('field_codes', models.JSONField(blank=True, default=list, verbose_name='Lĩnh vực')),
                        ('languages', models.JSONField(blank=True, default=list, verbose_name='Ngôn ngữ làm việc')),
                        ('province_code', models.CharField(blank=True, max_length=4, verbose_name='Tỉnh, thành phố')),
                        ('language', models.CharField(choices=[('vi', 'Tiếng Việt'), ('en', 'English')], default='vi', max_length=2, verbose_name='ngôn ngữ bài viết')),
                        ('shown', models.JSONField(blank=True, default=list, verbose_name='được công bố')),
                        ('title', models.CharField(blank=True, editable=False, max_length=330)),
                        ('state', models.CharField(choices=[('draft', 'Bản nháp'), ('submitted', 'Chờ duyệt'), ('returned', 'Cần chỉnh sửa'), ('published', 'Đang đăng'), ('withdrawn', 'Đã rút')], default='draft', max_length=10)),
                        ('note', models.CharField(blank=True, max_length=1000, verbose_name='lời của cán bộ sàn')),
                        ('submitted_at', models.DateTimeField(null=True)),
                        ('published_at', models.DateTimeField(null=True)),
                        ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='experts', to='accounts.organization', verbose_name='Tổ chức')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='research.person', verbose_name='Công trình trong cơ sở dữ liệu')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='expert_profile', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'hồ sơ chuyên gia',
                        'verbose_name_plural': 'hồ sơ chuyên gia',
                        'ordering': ['-published_at', '-pk'],
                        'indexes': [models.Index(condition=models.Q(('indexed_version__lt', models.F('content_version'))), fields=['id'], name='expert_to_index'), models.Index(condition=models.Q(('matched_version__lt', models.F('content_version'))), fields=['id'], name='expert_to_match'), models.Index(condition=models.Q(('alerted_version__lt', models.F('content_version'))), fields=['id'], name='expert_to_alert')],
                    },
                ),
            ]
        ),
    ]
