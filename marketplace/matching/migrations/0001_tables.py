import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.clock
import marketplace.core.text
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("matching", "0001_initial"),
        ("matching", "0002_weights_and_unmet_needs"),
        ("matching", "0003_rematching_told_quality"),
        ("matching", "0004_people"),
        ("matching", "0005_candidates_of_any_kind"),
        ("matching", "0006_match_without_columns_of_kinds"),
        ("matching", "0007_standing_interests"),
        ("matching", "0008_nearest_of_runs"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_tables"),
        ("core", "0001_tables"),
        ("listings", "0001_tables"),
        ("notifications", "0001_tables"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='LiveQuality',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(unique=True)),
                        ('weights_version', models.CharField(blank=True, max_length=40)),
                        ('needs', models.PositiveIntegerField()),
                        ('needs_met', models.PositiveIntegerField()),
                        ('supply', models.PositiveIntegerField()),
                        ('shown', models.PositiveIntegerField()),
                        ('opened', models.PositiveIntegerField()),
                        ('passed', models.PositiveIntegerField()),
                    ],
                    options={
                        'verbose_name': 'chất lượng gợi ý theo ngày',
                        'verbose_name_plural': 'chất lượng gợi ý theo ngày',
                        'ordering': ['day'],
                    },
                ),
                migrations.CreateModel(
                    name='WeightSet',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.CharField(max_length=40, unique=True, verbose_name='phiên bản')),
                        ('data', models.JSONField()),
                        ('figures', models.JSONField(default=dict)),
                        ('note', models.TextField(blank=True, verbose_name='ghi chú')),
                        ('created_at', models.DateTimeField(default=marketplace.core.clock.now)),
                    ],
                    options={
                        'verbose_name': 'bộ trọng số',
                        'verbose_name_plural': 'bộ trọng số',
                        'ordering': ['-created_at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='ConsideredNeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveBigIntegerField()),
                        ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='considered', to='listings.need')),
                    ],
                ),
                migrations.CreateModel(
                    name='Interest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('seeks', models.CharField(choices=[('needs', 'Chúng tôi làm được: báo khi có doanh nghiệp cần'), ('supply', 'Chúng tôi đang tìm: báo khi có kết quả, công nghệ, thiết bị mới')], default='needs', max_length=8, verbose_name='hướng')),
                        ('name', models.CharField(max_length=120, verbose_name='tên')),
                        ('words', models.TextField(verbose_name='điều quan tâm')),
                        ('field_codes', models.JSONField(blank=True, default=list, verbose_name='lĩnh vực')),
                        ('province_codes', models.JSONField(blank=True, default=list, verbose_name='tỉnh, thành phố')),
                        ('need_kinds', models.JSONField(blank=True, default=list, verbose_name='loại nhu cầu')),
                        ('budget_least', models.BigIntegerField(blank=True, null=True, verbose_name='ngân sách từ (đồng)')),
                        ('unwanted_kinds', models.JSONField(blank=True, default=list, verbose_name='không nhận loại nhu cầu')),
                        ('unwanted_fields', models.JSONField(blank=True, default=list, verbose_name='không nhận lĩnh vực')),
                        ('unwanted_words', models.JSONField(blank=True, default=list, verbose_name='không nhận khi nói đến')),
                        ('asked_version', models.PositiveBigIntegerField(default=1, editable=False)),
                        ('matched_version', models.PositiveBigIntegerField(default=0, editable=False)),
                        ('matched_at', models.DateTimeField(editable=False, null=True)),
                        ('left_out', models.PositiveIntegerField(default=0, editable=False)),
                        ('created_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('paused_at', models.DateTimeField(blank=True, null=True)),
                        ('deleted_at', models.DateTimeField(blank=True, null=True)),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interests', to='accounts.organization')),
                    ],
                    options={
                        'verbose_name': 'mối quan tâm',
                        'verbose_name_plural': 'mối quan tâm',
                        'ordering': ['name', 'pk'],
                        'indexes': [models.Index(condition=models.Q(('deleted_at', None), ('matched_version__lt', models.F('asked_version')), ('paused_at', None)), fields=['id'], name='interest_to_match')],
                    },
                ),
                migrations.CreateModel(
                    name='InterestMatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('kind', models.CharField(max_length=20)),
                        ('candidate_id', models.PositiveBigIntegerField()),
                        ('rank', models.PositiveSmallIntegerField()),
                        ('score', models.FloatField()),
                        ('probability', models.FloatField()),
                        ('band', models.CharField(choices=[('strong', 'Rất phù hợp'), ('good', 'Phù hợp'), ('weak', 'Có thể liên quan')], max_length=8)),
                        ('explanation', models.JSONField(default=dict)),
                        ('first_matched_at', models.DateTimeField()),
                        ('retired_at', models.DateTimeField(blank=True, null=True)),
                        ('candidate_version', models.PositiveBigIntegerField()),
                        ('interest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='matching.interest')),
                    ],
                    options={
                        'verbose_name': 'điều hợp mối quan tâm',
                        'verbose_name_plural': 'điều hợp mối quan tâm',
                        'ordering': ['interest', 'rank'],
                        'indexes': [models.Index(fields=['kind', 'candidate_id'], name='interest_candidate')],
                        'constraints': [models.UniqueConstraint(fields=('interest', 'kind', 'candidate_id'), name='interest_candidate_once')],
                    },
                ),
                migrations.CreateModel(
                    name='JudgingPool',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('need_version', models.PositiveBigIntegerField()),
                        ('title', models.TextField()),
                        ('text', models.TextField()),
                        ('weights_version', models.CharField(blank=True, max_length=40)),
                        ('seed', models.PositiveIntegerField()),
                        ('made_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judging_pools', to='listings.need')),
                    ],
                    options={
                        'verbose_name': 'nhu cầu để chấm',
                        'verbose_name_plural': 'nhu cầu để chấm',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(fields=('need', 'need_version'), name='pool_once_a_version')],
                    },
                ),
                migrations.CreateModel(
                    name='JudgingItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=12)),
                        ('key', models.CharField(max_length=12)),
                        ('title', models.TextField()),
                        ('text', models.TextField(blank=True)),
                        ('language', models.CharField(default='vi', max_length=2)),
                        ('sources', models.JSONField(default=list)),
                        ('settled_grade', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'Không liên quan'), (1, 'Gần chủ đề'), (2, 'Đáp ứng một phần'), (3, 'Đáp ứng được')], null=True)),
                        ('settled_at', models.DateTimeField(blank=True, null=True)),
                        ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pool', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='matching.judgingpool')),
                    ],
                    options={
                        'ordering': ['pool', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('pool', 'kind', 'key'), name='item_once_a_pool'), models.CheckConstraint(condition=models.Q(('settled_grade', None), ('settled_grade__lte', 3), _connector='OR'), name='settled_grade_in_scale')],
                    },
                ),
                migrations.CreateModel(
                    name='JudgingSeat',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('began_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('finished_at', models.DateTimeField(blank=True, null=True)),
                        ('judge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pool', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='matching.judgingpool')),
                    ],
                    options={
                        'ordering': ['pool', 'number'],
                        'constraints': [models.UniqueConstraint(fields=('pool', 'number'), name='seat_once_a_pool'), models.UniqueConstraint(fields=('pool', 'judge'), name='judge_once_a_pool'), models.CheckConstraint(condition=models.Q(('number__in', (1, 2))), name='two_judges_a_pool')],
                    },
                ),
                migrations.CreateModel(
                    name='Judgement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('grade', models.PositiveSmallIntegerField(choices=[(0, 'Không liên quan'), (1, 'Gần chủ đề'), (2, 'Đáp ứng một phần'), (3, 'Đáp ứng được')])),
                        ('at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judgements', to='matching.judgingitem')),
                        ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='judgements', to='matching.judgingseat')),
                    ],
                    options={
                        'ordering': ['item', 'seat'],
                        'constraints': [models.UniqueConstraint(fields=('seat', 'item'), name='item_judged_once_a_seat'), models.CheckConstraint(condition=models.Q(('grade__lte', 3)), name='grade_in_scale')],
                    },
                ),
                migrations.CreateModel(
                    name='Match',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('kind', models.CharField(max_length=20)),
                        ('candidate_id', models.PositiveBigIntegerField()),
                        ('rank', models.PositiveSmallIntegerField()),
                        ('score', models.FloatField()),
                        ('probability', models.FloatField()),
                        ('band', models.CharField(choices=[('strong', 'Rất phù hợp'), ('good', 'Phù hợp'), ('weak', 'Có thể liên quan')], max_length=8)),
                        ('explanation', models.JSONField(default=dict)),
                        ('first_matched_at', models.DateTimeField()),
                        ('retired_at', models.DateTimeField(blank=True, null=True)),
                        ('need_version', models.PositiveBigIntegerField()),
                        ('weights_version', models.CharField(blank=True, max_length=40)),
                        ('opened_at', models.DateTimeField(blank=True, null=True)),
                        ('held_at', models.DateTimeField(blank=True, null=True)),
                        ('released_at', models.DateTimeField(blank=True, null=True)),
                        ('passed_at', models.DateTimeField(blank=True, null=True)),
                        ('passed_reason', models.CharField(blank=True, max_length=40)),
                        ('passed_note', models.CharField(blank=True, max_length=300)),
                        ('need', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='listings.need')),
                        ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'gợi ý',
                        'verbose_name_plural': 'gợi ý',
                        'ordering': ['need', 'rank'],
                        'indexes': [models.Index(fields=['kind', 'candidate_id'], name='match_of_candidate')],
                        'constraints': [models.UniqueConstraint(fields=('need', 'kind', 'candidate_id'), name='match_candidate_once')],
                    },
                ),
                migrations.CreateModel(
                    name='MatchRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('content_version', models.PositiveBigIntegerField()),
                        ('ran_at', models.DateTimeField()),
                        ('duration_ms', models.PositiveIntegerField(default=0)),
                        ('searched', models.JSONField(default=dict)),
                        ('shown', models.PositiveIntegerField(default=0)),
                        ('abstained', models.BooleanField(default=False)),
                        ('unmet_since', models.DateTimeField(blank=True, null=True)),
                        ('weights_version', models.CharField(blank=True, max_length=40)),
                        ('left_out', models.JSONField(default=list)),
                        ('nearest', models.JSONField(default=list)),
                        ('need', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='match_run', to='listings.need')),
                    ],
                ),
                migrations.CreateModel(
                    name='Pass',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('side', models.CharField(choices=[('need', 'Bên có nhu cầu'), ('supply', 'Bên có giải pháp'), ('staff', 'Cán bộ sàn')], max_length=8, verbose_name='bên')),
                        ('reason', models.CharField(max_length=40, verbose_name='lý do')),
                        ('criteria', models.JSONField(blank=True, default=list, verbose_name='chỉ tiêu không đạt')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='nói thêm')),
                        ('at', models.DateTimeField(db_index=True, default=marketplace.core.clock.now)),
                        ('taken_back_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('match', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passes', to='matching.match')),
                        ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'lần bỏ qua gợi ý',
                        'verbose_name_plural': 'các lần bỏ qua gợi ý',
                        'ordering': ['-at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('taken_back_at', None)), fields=('match', 'side'), name='match_passed_once_a_side')],
                    },
                ),
                migrations.CreateModel(
                    name='Curation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('act', models.CharField(choices=[('confirm', 'Xác nhận'), ('pin', 'Ghim lên đầu'), ('suppress', 'Bỏ khỏi danh sách'), ('add', 'Thêm vào danh sách')], max_length=8, verbose_name='quyết định')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='vì sao')),
                        ('at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('replaced_at', models.DateTimeField(blank=True, null=True)),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('match', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='curations', to='matching.match')),
                        ('passed', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='curation', to='matching.pass')),
                    ],
                    options={
                        'verbose_name': 'quyết định về gợi ý',
                        'verbose_name_plural': 'quyết định về gợi ý',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None), ('undone_at', None)), fields=('match',), name='match_one_decision_in_force'), models.CheckConstraint(condition=models.Q(models.Q(('act', 'suppress'), ('passed__isnull', False)), models.Q(models.Q(('act', 'suppress'), _negated=True), ('passed', None)), _connector='OR'), name='suppression_has_a_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='Rematching',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('weights_version', models.CharField(max_length=40)),
                        ('total', models.PositiveIntegerField()),
                        ('started_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('paused_at', models.DateTimeField(blank=True, null=True)),
                        ('resumed_at', models.DateTimeField(blank=True, null=True)),
                        ('paused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'lần đối chiếu lại',
                        'verbose_name_plural': 'các lần đối chiếu lại',
                        'ordering': ['-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='ToldMatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('interest_match', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='told', to='matching.interestmatch')),
                        ('match', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='told', to='matching.match')),
                        ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notifications.notice')),
                        ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('match', 'recipient'), name='match_told_once'), models.UniqueConstraint(fields=('interest_match', 'recipient'), name='interest_match_told_once'), models.CheckConstraint(condition=models.Q(models.Q(('interest_match__isnull', False), ('match', None)), models.Q(('interest_match', None), ('match__isnull', False)), _connector='OR'), name='told_of_one_match')],
                    },
                ),
                migrations.CreateModel(
                    name='WeightActivation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('activated_at', models.DateTimeField(default=marketplace.core.clock.now)),
                        ('activated_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('weight_set', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activations', to='matching.weightset')),
                    ],
                    options={
                        'ordering': ['-pk'],
                    },
                ),
            ]
        ),
    ]
