import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sources; and runs, whose table `research` made: rows and table stay where they are."""

    initial = True

    dependencies = [
        ("accounts", "0003_alerted_version"),
        ("research", "0005_runs_to_sources"),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=60, unique=True, verbose_name='mã nguồn')),
                ('name', models.CharField(max_length=200, verbose_name='tên')),
                ('description', models.TextField(blank=True, verbose_name='giới thiệu')),
                ('kind', models.CharField(choices=[('file', 'Tệp'), ('folder', 'Thư mục tệp'), ('oai-pmh', 'Thu thập OAI-PMH'), ('push', 'Nguồn tự gửi qua API')], default='file', max_length=10, verbose_name='loại')),
                ('address', models.CharField(blank=True, max_length=500, verbose_name='địa chỉ')),
                ('mapping', models.JSONField(blank=True, default=dict, verbose_name='ánh xạ')),
                ('schedule', models.CharField(blank=True, max_length=60, verbose_name='lịch đọc')),
                ('credentials_variable', models.CharField(blank=True, max_length=60, verbose_name='biến môi trường giữ khóa truy cập')),
                ('licence', models.CharField(blank=True, max_length=200, verbose_name='giấy phép sử dụng')),
                ('licence_url', models.URLField(blank=True, max_length=300, verbose_name='địa chỉ giấy phép')),
                ('trust', models.PositiveSmallIntegerField(default=50, verbose_name='độ tin cậy')),
                ('sharing', models.CharField(choices=[('public', 'Công khai'), ('ministries', 'Chia sẻ với bộ, ngành theo thỏa thuận'), ('internal', 'Nội bộ')], default='public', max_length=10, verbose_name='mức chia sẻ')),
                ('is_sandbox', models.BooleanField(default=False, verbose_name='nguồn thử nghiệm')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang dùng')),
                ('cursor', models.JSONField(blank=True, default=dict, editable=False)),
                ('last_read_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='đọc lần cuối')),
                ('last_problem', models.CharField(blank=True, editable=False, max_length=300, verbose_name='lỗi lần cuối')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('focal_organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.organization', verbose_name='đơn vị đầu mối')),
            ],
            options={
                'verbose_name': 'nguồn dữ liệu',
                'verbose_name_plural': 'nguồn dữ liệu',
                'ordering': ['name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('trust__range', (0, 100))), name='source_trust_0_100')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[],
            state_operations=[
                migrations.CreateModel(
                    name='Run',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('file_name', models.CharField(max_length=200, verbose_name='tệp')),
                        ('source', models.CharField(max_length=60, verbose_name='nguồn')),
                        ('started_at', models.DateTimeField(verbose_name='bắt đầu lúc')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='xong lúc')),
                        ('records_done', models.PositiveBigIntegerField(default=0, verbose_name='bản ghi đã đọc')),
                        ('created', models.PositiveBigIntegerField(default=0, verbose_name='thêm mới')),
                        ('updated', models.PositiveBigIntegerField(default=0, verbose_name='cập nhật')),
                        ('unchanged', models.PositiveBigIntegerField(default=0, verbose_name='không đổi')),
                        ('refused', models.PositiveBigIntegerField(default=0, verbose_name='bị từ chối')),
                        ('problem', models.CharField(blank=True, max_length=300, verbose_name='lỗi của tệp')),
                        ('report_path', models.CharField(blank=True, max_length=300, verbose_name='báo cáo')),
                    ],
                    options={
                        'db_table': 'research_importrun',
                        'verbose_name': 'lần nhập dữ liệu',
                        'verbose_name_plural': 'lần nhập dữ liệu',
                        'ordering': ['-started_at', '-pk'],
                    },
                ),
            ],
        ),
    ]
