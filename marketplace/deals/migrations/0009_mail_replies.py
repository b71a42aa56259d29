import django.db.models.deletion
from django.db import migrations, models

import marketplace.core.clock


class Migration(migrations.Migration):

    dependencies = [
        ('deals', '0008_digital_signatures'),
    ]

    operations = [
        migrations.CreateModel(
            name='MailReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('outcome', models.CharField(choices=[('taken', 'Đã vào giao dịch'), ('without_files', 'Đã vào giao dịch, không có tệp kèm'), ('empty', 'Không có lời nào'), ('too_long', 'Quá dài'), ('closed', 'Giao dịch đã kết thúc')], default='taken', max_length=14)),
                ('at', models.DateTimeField(default=marketplace.core.clock.now)),
                ('deal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_replies', to='deals.deal')),
                ('message', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mail_reply', to='deals.dealmessage')),
            ],
            options={
                'verbose_name': 'thư trả lời vào giao dịch',
                'verbose_name_plural': 'thư trả lời vào giao dịch',
                'ordering': ['pk'],
            },
        ),
    ]
