from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mandates', '0001_tables'),
    ]

    operations = [
        migrations.AddField(
            model_name='mandate',
            name='may_connect',
            field=models.BooleanField(default=False, verbose_name='Gửi đề nghị kết nối thay doanh nghiệp, từ một gợi ý'),
        ),
    ]
