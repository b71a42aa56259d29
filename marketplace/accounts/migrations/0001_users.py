from django.db import migrations, models


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_organization_index"),
        ("accounts", "0003_alerted_version"),
        ("accounts", "0004_staff_look_first"),
        ("accounts", "0005_joining_and_ownership"),
        ("accounts", "0007_verification"),
        ("accounts", "0008_profiles"),
        ("accounts", "0009_claims_with_proof"),
        ("accounts", "0010_organization_merges"),
        ("accounts", "0011_provinces_of_staff"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='email')),
                ('full_name', models.CharField(blank=True, max_length=120, verbose_name='họ và tên')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='điện thoại')),
                ('job_title', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='chức danh')),
                ('expertise', models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='chuyên môn')),
                ('language', models.CharField(choices=[('vi', 'Tiếng Việt'), ('en', 'English')], default='vi', max_length=2, verbose_name='ngôn ngữ')),
                ('is_staff', models.BooleanField(default=False, verbose_name='cán bộ sàn')),
                ('staff_provinces', models.JSONField(blank=True, db_default=[], default=list, verbose_name='tỉnh, thành phố phụ trách')),
                ('is_active', models.BooleanField(default=True, verbose_name='đang hoạt động')),
                ('date_joined', models.DateTimeField(auto_now_add=True, verbose_name='ngày đăng ký')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'người dùng',
                'verbose_name_plural': 'người dùng',
            },
        ),
    ]
