import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("core", "0001_initial"),
        ("core", "0002_redirect_addresses_of_any_length"),
        ("core", "0003_audit_archive"),
    ]

    initial = True

    # The other packages' steps before the exchange's tables: each of theirs builds all models that refer
    # to a user, and is quick while those are few.
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("accounts", "0001_users"),
        ("allauth_idp_oidc", "0003_client_allow_uri_wildcards"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("usersessions", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
        ("wagtailsearch", "0010_add_text_fields"),
        ("wagtailusers", "0015_userprofile_keyboard_shortcuts"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='AuditArchive',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField()),
                        ('first_sequence', models.PositiveBigIntegerField(unique=True)),
                        ('last_sequence', models.PositiveBigIntegerField(unique=True)),
                        ('previous_seal', models.CharField(blank=True, max_length=64)),
                        ('last_seal', models.CharField(max_length=64)),
                        ('file', models.CharField(max_length=100)),
                        ('sha256', models.CharField(max_length=64)),
                        ('made_at', models.DateTimeField()),
                        ('keep_until', models.DateField()),
                    ],
                    options={
                        'ordering': ['first_sequence'],
                    },
                ),
                migrations.CreateModel(
                    name='AuditEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('actor', models.CharField(help_text="keyed hash of the person, or the stage's name", max_length=64)),
                        ('action', models.CharField(max_length=64)),
                        ('subject', models.CharField(max_length=120)),
                        ('data', models.JSONField(default=dict)),
                        ('sequence', models.PositiveBigIntegerField(null=True, unique=True)),
                        ('seal', models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        'ordering': ['pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Lease',
                    fields=[
                        ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('owner', models.CharField(blank=True, max_length=64)),
                        ('until', models.DateTimeField()),
                        ('last_run_at', models.DateTimeField(null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='IdempotencyKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=64)),
                        ('path', models.CharField(max_length=300)),
                        ('status', models.PositiveSmallIntegerField(null=True)),
                        ('location', models.TextField(blank=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True, db_index=True)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('key', 'path'), name='idempotency_key_path')],
                    },
                ),
            ]
        ),
    ]
