import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.text
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("cases", "0001_initial"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_tables"),
        ("core", "0001_tables"),
        ("matching", "0001_tables"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='HandOver',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('note', models.CharField(blank=True, max_length=500)),
                        ('at', models.DateTimeField()),
                        ('undone_at', models.DateTimeField(null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='AssignmentRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField(default=100, verbose_name='thứ tự')),
                        ('kind', models.CharField(blank=True, max_length=12, verbose_name='loại')),
                        ('field_code', models.CharField(blank=True, help_text='Mã lĩnh vực khoa học và công nghệ; cả các mã bên dưới. Để trống: mọi lĩnh vực.', max_length=10, verbose_name='lĩnh vực')),
                        ('province_code', models.CharField(blank=True, max_length=4, verbose_name='tỉnh, thành phố')),
                        ('is_active', models.BooleanField(default=True, verbose_name='đang dùng')),
                        ('officer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='phụ trách')),
                    ],
                    options={
                        'verbose_name': 'quy tắc giao hồ sơ',
                        'verbose_name_plural': 'quy tắc giao hồ sơ',
                        'ordering': ['position', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Case',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('kind', models.CharField(max_length=12, verbose_name='loại')),
                        ('subject', models.CharField(max_length=12)),
                        ('title', models.CharField(max_length=250, verbose_name='tên')),
                        ('province_code', models.CharField(blank=True, max_length=4, verbose_name='tỉnh, thành phố')),
                        ('field_codes', models.JSONField(default=list)),
                        ('subject_version', models.PositiveBigIntegerField(default=0)),
                        ('next_action', models.CharField(blank=True, max_length=200, verbose_name='việc tiếp theo')),
                        ('next_action_on', models.DateField(blank=True, null=True, verbose_name='ngày làm việc tiếp theo')),
                        ('state', models.CharField(choices=[('open', 'Đang mở'), ('closed', 'Đã đóng')], default='open', max_length=8)),
                        ('outcome', models.CharField(blank=True, max_length=40, verbose_name='kết cục')),
                        ('ended_with_subject', models.BooleanField(default=False)),
                        ('opened_at', models.DateTimeField(verbose_name='mở lúc')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='đóng lúc')),
                        ('touched_at', models.DateTimeField(verbose_name='lần cuối có người làm')),
                        ('officer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='phụ trách')),
                        ('organization', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.organization', verbose_name='Tổ chức')),
                    ],
                    options={
                        'verbose_name': 'hồ sơ theo dõi',
                        'verbose_name_plural': 'hồ sơ theo dõi',
                        'indexes': [models.Index(fields=['state', 'officer', 'next_action_on'], name='case_work'), models.Index(fields=['state', 'touched_at'], name='case_idle')],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'subject'), name='one_case_a_subject'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('ended_with_subject', False), ('outcome', ''), ('state', 'open')), models.Q(('closed_at__isnull', False), ('state', 'closed')), _connector='OR'), name='case_closed_says_when')],
                    },
                ),
                migrations.CreateModel(
                    name='HandOverLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_over_lines', to='cases.case')),
                        ('hand_over', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='cases.handover')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('hand_over', 'case'), name='handed_over_once')],
                    },
                ),
                migrations.CreateModel(
                    name='CaseEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('call', 'Gọi điện'), ('visit', 'Đến tận nơi'), ('note', 'Ghi chú'), ('introduction', 'Giới thiệu hai bên'), ('opened', 'Mở hồ sơ'), ('assigned', 'Giao người phụ trách'), ('handed_over', 'Bàn giao'), ('closed', 'Đóng hồ sơ'), ('reopened', 'Mở lại hồ sơ')], max_length=12)),
                        ('at', models.DateTimeField()),
                        ('text', models.TextField(blank=True, verbose_name='nội dung')),
                        ('facts', models.JSONField(default=dict)),
                        ('forgotten_at', models.DateTimeField(null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='cases.case')),
                        ('match', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='matching.match')),
                        ('spoke_with', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người đã trao đổi')),
                        ('hand_over', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='entries', to='cases.handover')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['case', '-at'], name='entries_of_case')],
                    },
                ),
            ]
        ),
    ]
