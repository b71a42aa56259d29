import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.storage
import marketplace.core.text
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("privacy", "0001_initial"),
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
                    name='SubjectRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('name', models.CharField(blank=True, max_length=120, verbose_name='người yêu cầu')),
                        ('address', models.CharField(blank=True, max_length=200, verbose_name='email hoặc địa chỉ để trả lời')),
                        ('kind', models.CharField(choices=[('access', 'Xem dữ liệu của tôi'), ('correct', 'Sửa dữ liệu sai'), ('copy', 'Nhận bản sao'), ('erase', 'Xóa dữ liệu'), ('restrict', 'Hạn chế việc dùng'), ('object', 'Phản đối việc dùng'), ('withdraw', 'Rút lại sự đồng ý'), ('complaint', 'Khiếu nại')], max_length=10, verbose_name='yêu cầu')),
                        ('text', models.TextField(max_length=4000, verbose_name='nội dung')),
                        ('state', models.CharField(choices=[('received', 'Chờ trả lời'), ('answered', 'Đã trả lời, đang thực hiện'), ('done', 'Đã thực hiện'), ('refused', 'Không thực hiện')], default='received', max_length=10, verbose_name='tình trạng')),
                        ('received_at', models.DateTimeField(verbose_name='nhận lúc')),
                        ('answer_due_on', models.DateField(verbose_name='hạn trả lời')),
                        ('carry_out_due_on', models.DateField(verbose_name='hạn thực hiện')),
                        ('terms_of', models.DateField()),
                        ('answer', models.TextField(blank=True, max_length=4000, verbose_name='trả lời')),
                        ('answered_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subject_requests', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'yêu cầu về dữ liệu cá nhân',
                        'verbose_name_plural': 'yêu cầu về dữ liệu cá nhân',
                        'ordering': ['answer_due_on', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Closing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('asked_at', models.DateTimeField(verbose_name='yêu cầu lúc')),
                        ('due_on', models.DateField(verbose_name='đóng vào ngày')),
                        ('cancelled_at', models.DateTimeField(null=True)),
                        ('done_at', models.DateTimeField(null=True, verbose_name='đóng lúc')),
                        ('held_by', models.TextField(blank=True)),
                        ('tried_on', models.DateField(null=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closings', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('cancelled_at', None), ('done_at', None)), fields=('user',), name='one_closing_of_an_account')],
                    },
                ),
                migrations.CreateModel(
                    name='Consent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('document', models.SlugField(max_length=40, verbose_name='văn bản')),
                        ('version', models.CharField(max_length=20, verbose_name='bản')),
                        ('given_at', models.DateTimeField(verbose_name='đồng ý lúc')),
                        ('withdrawn_at', models.DateTimeField(null=True, verbose_name='rút lại lúc')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-given_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('user', 'document', 'version'), name='consent_standing_once')],
                    },
                ),
                migrations.CreateModel(
                    name='DataCopy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('state', models.CharField(choices=[('asked', 'Đang chuẩn bị'), ('made', 'Tải được'), ('expired', 'Đã hết hạn tải')], default='asked', max_length=8)),
                        ('asked_at', models.DateTimeField(verbose_name='yêu cầu lúc')),
                        ('done_parts', models.PositiveSmallIntegerField(default=0)),
                        ('total_parts', models.PositiveSmallIntegerField(default=0)),
                        ('file', models.FileField(blank=True, storage=marketplace.core.storage.private_storage, upload_to=marketplace.core.storage.stored_name)),
                        ('made_at', models.DateTimeField(null=True, verbose_name='xong lúc')),
                        ('expires_at', models.DateTimeField(null=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='data_copies', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-asked_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('user',), name='one_copy_being_made')],
                    },
                ),
            ]
        ),
    ]
