import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.clock
import marketplace.core.text
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("mandates", "0001_mandates"),
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
                    name='Mandate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('may_post', models.BooleanField(default=True, verbose_name='Đăng nhu cầu thay doanh nghiệp')),
                        ('may_read_matches', models.BooleanField(default=True, verbose_name='Đọc gợi ý cho các nhu cầu của doanh nghiệp')),
                        ('note', models.CharField(blank=True, max_length=500, verbose_name='lời nhắn')),
                        ('state', models.CharField(choices=[('asked', 'Chờ doanh nghiệp đồng ý'), ('active', 'Đang ủy quyền'), ('declined', 'Doanh nghiệp từ chối'), ('withdrawn', 'Doanh nghiệp đã rút'), ('ended', 'Bên môi giới đã thôi'), ('expired', 'Đã hết hạn')], default='asked', max_length=10)),
                        ('asked_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('confirmed_at', models.DateTimeField(null=True)),
                        ('expires_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('broker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_held', to='accounts.organization', verbose_name='bên môi giới')),
                        ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('firm', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_given', to='accounts.organization', verbose_name='doanh nghiệp')),
                    ],
                    options={
                        'verbose_name': 'ủy quyền môi giới',
                        'verbose_name_plural': 'ủy quyền môi giới',
                        'ordering': ['-asked_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'active'])), fields=('broker', 'firm'), name='one_open_mandate'), models.CheckConstraint(condition=models.Q(('broker', models.F('firm')), _negated=True), name='mandate_of_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'active'), _negated=True), models.Q(('confirmed_at__isnull', False), ('expires_at__isnull', False)), _connector='OR'), name='mandate_in_force_was_confirmed')],
                    },
                ),
            ]
        ),
    ]
