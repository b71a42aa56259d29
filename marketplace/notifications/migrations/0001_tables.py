import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.text
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_saved_searches"),
        ("notifications", "0003_letters"),
        ("notifications", "0004_delivery_times"),
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
                    name='Notice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40)),
                        ('dedupe_key', models.CharField(max_length=200)),
                        ('context', models.JSONField(default=dict)),
                        ('url', models.CharField(blank=True, max_length=300)),
                        ('created_at', models.DateTimeField(db_index=True)),
                        ('read_at', models.DateTimeField(null=True)),
                        ('retired_at', models.DateTimeField(null=True)),
                        ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'thông báo',
                        'verbose_name_plural': 'thông báo',
                        'indexes': [models.Index(fields=['recipient', '-created_at'], name='notice_inbox')],
                        'constraints': [models.UniqueConstraint(fields=('recipient', 'dedupe_key'), name='notice_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('channel', models.CharField(default='email', max_length=12)),
                        ('dedupe_key', models.CharField(max_length=220, unique=True)),
                        ('is_digest', models.BooleanField(default=False)),
                        ('state', models.CharField(choices=[('pending', 'Chờ gửi'), ('claimed', 'Đang gửi'), ('sent', 'Đã gửi'), ('cancelled', 'Đã hủy'), ('dead', 'Không gửi được')], default='pending', max_length=10)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('not_before', models.DateTimeField()),
                        ('claimed_until', models.DateTimeField(null=True)),
                        ('claim', models.CharField(blank=True, max_length=32)),
                        ('message_id', models.CharField(blank=True, max_length=120)),
                        ('last_error', models.CharField(blank=True, max_length=200)),
                        ('created_at', models.DateTimeField()),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                        ('notices', models.ManyToManyField(related_name='deliveries', to='notifications.notice')),
                    ],
                    options={
                        'verbose_name': 'thư gửi đi',
                        'verbose_name_plural': 'hộp thư gửi đi',
                        'indexes': [models.Index(fields=['state', 'not_before'], name='delivery_todo')],
                    },
                ),
                migrations.CreateModel(
                    name='Letter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('language', models.CharField(default='vi', max_length=2)),
                        ('kind', models.CharField(max_length=40)),
                        ('context', models.JSONField(default=dict)),
                        ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='letter', to='notifications.delivery')),
                    ],
                ),
                migrations.CreateModel(
                    name='Preference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40)),
                        ('mode', models.CharField(choices=[('immediate', 'Gửi ngay'), ('digest', 'Thư đầu tiên gửi ngay, còn lại gộp mỗi ngày'), ('off', 'Không gửi email')], max_length=10)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_preferences', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='preference_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedSearch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('name', models.CharField(max_length=120, verbose_name='tên')),
                        ('address', models.TextField()),
                        ('fingerprint', models.CharField(editable=False, max_length=64)),
                        ('language', models.CharField(max_length=5)),
                        ('frequency', models.CharField(choices=[('immediate', 'Báo ngay'), ('daily', 'Mỗi ngày một thư'), ('weekly', 'Mỗi tuần một thư'), ('off', 'Tạm dừng')], default='daily', max_length=10, verbose_name='báo cho tôi')),
                        ('created_at', models.DateTimeField()),
                        ('visited_at', models.DateTimeField()),
                        ('last_alert_at', models.DateTimeField(null=True)),
                        ('deleted_at', models.DateTimeField(null=True)),
                        ('is_ready', models.BooleanField(default=False)),
                        ('known_until', models.DateTimeField()),
                        ('knows_all', models.BooleanField(default=True)),
                        ('unlisted', models.PositiveIntegerField(default=0)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'tìm kiếm đã lưu',
                        'verbose_name_plural': 'tìm kiếm đã lưu',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('owner', 'fingerprint'), name='saved_search_once')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedSearchHit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=20)),
                        ('key', models.CharField(max_length=12)),
                        ('found_at', models.DateTimeField()),
                        ('told_at', models.DateTimeField(null=True)),
                        ('saved_search', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hits', to='notifications.savedsearch')),
                    ],
                    options={
                        'indexes': [models.Index(condition=models.Q(('told_at', None)), fields=['saved_search', 'found_at'], name='saved_search_hit_waiting')],
                        'constraints': [models.UniqueConstraint(fields=('saved_search', 'kind', 'key'), name='saved_search_hit_once')],
                    },
                ),
                migrations.CreateModel(
                    name='DeliveryTimes',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('quiet_from', models.TimeField(blank=True, null=True, verbose_name='không gửi thư từ')),
                        ('quiet_to', models.TimeField(blank=True, null=True, verbose_name='đến')),
                        ('digest_at', models.TimeField(default=datetime.time(17, 0), verbose_name='giờ gửi thư gộp')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='delivery_times', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from', None), ('quiet_to', None)), models.Q(('quiet_from__isnull', False), ('quiet_to__isnull', False)), _connector='OR'), name='quiet_hours_begin_and_end')],
                    },
                ),
            ]
        ),
    ]
