import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.clock
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("taxonomy", "0001_vocabularies"),
        ("taxonomy", "0002_words"),
        ("taxonomy", "0003_calendar"),
        ("taxonomy", "0004_crosswalk_tables"),
        ("taxonomy", "0005_calendar_day_taken_back"),
        ("taxonomy", "0006_bilingual_terms"),
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
                    name='CalendarDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('label_vi', models.CharField(blank=True, max_length=500, verbose_name='tên tiếng Việt')),
                        ('label_en', models.CharField(blank=True, max_length=500, verbose_name='tên tiếng Anh')),
                        ('day', models.DateField(unique=True, verbose_name='ngày')),
                        ('kind', models.CharField(choices=[('off', 'Nghỉ'), ('work', 'Làm bù')], max_length=4, verbose_name='loại')),
                        ('status', models.CharField(choices=[('official', 'Đã công bố'), ('unverified', 'Chưa đối chiếu'), ('cancelled', 'Không áp dụng')], max_length=10, verbose_name='tình trạng')),
                        ('source', models.CharField(blank=True, max_length=300, verbose_name='nguồn')),
                        ('is_shipped', models.BooleanField(default=True, editable=False)),
                    ],
                    options={
                        'verbose_name': 'ngày trong lịch',
                        'verbose_name_plural': 'lịch nghỉ và làm bù',
                        'ordering': ['day'],
                    },
                ),
                migrations.CreateModel(
                    name='WordList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('version', models.PositiveBigIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name='TermPair',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('vietnamese', models.CharField(help_text='Các cách viết cách nhau bằng dấu gạch đứng: độ ẩm | hàm ẩm.', max_length=300, verbose_name='tiếng Việt')),
                        ('english', models.CharField(help_text='Các cách viết cách nhau bằng dấu gạch đứng: moisture | humidity.', max_length=300, verbose_name='tiếng Anh')),
                        ('sector', models.CharField(blank=True, max_length=20, verbose_name='lĩnh vực')),
                        ('note', models.CharField(blank=True, help_text='Cho biết là nghĩa nào khi một từ có nhiều nghĩa.', max_length=200, verbose_name='ghi chú')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='nguồn')),
                        ('status', models.CharField(choices=[('active', 'Đang dùng'), ('off', 'Không dùng')], default='active', max_length=8, verbose_name='tình trạng')),
                        ('folded', models.CharField(editable=False, max_length=620)),
                        ('shipped_as', models.CharField(blank=True, editable=False, max_length=620)),
                        ('is_edited', models.BooleanField(default=False, editable=False, help_text='an upgrade leaves it as staff made it')),
                        ('changed_at', models.DateTimeField(default=marketplace.core.clock.now, editable=False, verbose_name='sửa lúc')),
                    ],
                    options={
                        'verbose_name': 'cặp thuật ngữ',
                        'verbose_name_plural': 'thuật ngữ Việt – Anh',
                        'ordering': ['vietnamese', 'english'],
                        'constraints': [models.UniqueConstraint(fields=('vietnamese', 'english'), name='term_pair_once', violation_error_message='Cặp thuật ngữ này đã có.'), models.CheckConstraint(condition=models.Q(models.Q(('vietnamese', ''), _negated=True), models.Q(('english', ''), _negated=True)), name='term_pair_has_both_languages')],
                    },
                ),
                migrations.CreateModel(
                    name='Vocabulary',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('label_vi', models.CharField(blank=True, max_length=500, verbose_name='tên tiếng Việt')),
                        ('label_en', models.CharField(blank=True, max_length=500, verbose_name='tên tiếng Anh')),
                        ('code', models.SlugField(max_length=60, unique=True, verbose_name='mã')),
                        ('scheme', models.SlugField(help_text='Các ấn bản của một bảng mã có chung bộ mã.', max_length=60, verbose_name='bộ mã')),
                        ('edition', models.CharField(blank=True, max_length=30, verbose_name='ấn bản')),
                        ('legal_basis', models.CharField(blank=True, max_length=300, verbose_name='căn cứ pháp lý')),
                        ('source', models.CharField(blank=True, max_length=500, verbose_name='nguồn')),
                        ('status', models.CharField(choices=[('official', 'Theo bản chính thức'), ('unverified', 'Chưa đối chiếu'), ('own', 'Danh mục của sàn'), ('partial', 'Mới có một phần'), ('not_loaded', 'Chưa nạp')], max_length=12, verbose_name='tình trạng')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='hiệu lực từ')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='hiệu lực đến')),
                        ('is_shipped', models.BooleanField(default=True, help_text='Bảng mã nạp từ tệp riêng không bị ghi đè khi nâng cấp sàn.', verbose_name='kèm theo sàn')),
                        ('position', models.PositiveIntegerField(default=0, verbose_name='thứ tự')),
                        ('note', models.TextField(blank=True, verbose_name='ghi chú')),
                    ],
                    options={
                        'verbose_name': 'bảng mã',
                        'verbose_name_plural': 'bảng mã',
                        'ordering': ['position', 'code'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='vocabulary_validity_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Term',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('label_vi', models.CharField(blank=True, max_length=500, verbose_name='tên tiếng Việt')),
                        ('label_en', models.CharField(blank=True, max_length=500, verbose_name='tên tiếng Anh')),
                        ('code', models.CharField(max_length=40, verbose_name='mã')),
                        ('notation', models.CharField(blank=True, help_text='Ký hiệu trong biểu mẫu gốc, khi mã là của sàn.', max_length=20, verbose_name='ký hiệu gốc')),
                        ('aliases', models.JSONField(blank=True, default=list, help_text='Những cách viết khác gặp trong hồ sơ: Sài Gòn, TP HCM.', verbose_name='tên khác')),
                        ('level', models.PositiveSmallIntegerField(default=1, verbose_name='cấp')),
                        ('is_selectable', models.BooleanField(default=True, verbose_name='chọn được cho hồ sơ mới')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='hiệu lực từ')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='hiệu lực đến')),
                        ('position', models.PositiveIntegerField(default=0, verbose_name='thứ tự')),
                        ('note', models.TextField(blank=True, verbose_name='ghi chú')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='taxonomy.term', verbose_name='mã cha')),
                        ('vocabulary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='taxonomy.vocabulary', verbose_name='bảng mã')),
                    ],
                    options={
                        'verbose_name': 'mục từ',
                        'verbose_name_plural': 'mục từ',
                        'ordering': ['position', 'code'],
                        'constraints': [models.UniqueConstraint(fields=('vocabulary', 'code'), name='term_code_in_vocabulary'), models.CheckConstraint(condition=models.Q(('label_en', ''), ('label_vi', ''), _negated=True), name='term_has_a_label')],
                    },
                ),
                migrations.CreateModel(
                    name='CrosswalkTable',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('label_vi', models.CharField(blank=True, max_length=500, verbose_name='tên tiếng Việt')),
                        ('label_en', models.CharField(blank=True, max_length=500, verbose_name='tên tiếng Anh')),
                        ('code', models.SlugField(max_length=120, unique=True, verbose_name='mã')),
                        ('legal_basis', models.CharField(blank=True, max_length=300, verbose_name='căn cứ pháp lý')),
                        ('source', models.CharField(blank=True, max_length=500, verbose_name='nguồn')),
                        ('status', models.CharField(choices=[('official', 'Theo bản chính thức'), ('unverified', 'Chưa đối chiếu'), ('own', 'Danh mục của sàn')], max_length=12, verbose_name='tình trạng')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='hiệu lực từ')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='hiệu lực đến')),
                        ('is_shipped', models.BooleanField(default=True, verbose_name='kèm theo sàn')),
                        ('note', models.TextField(blank=True, verbose_name='ghi chú')),
                        ('from_vocabulary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crosswalks_from', to='taxonomy.vocabulary', verbose_name='từ bảng mã')),
                        ('to_vocabulary', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='crosswalks_into', to='taxonomy.vocabulary', verbose_name='sang bảng mã')),
                    ],
                    options={
                        'verbose_name': 'bảng chuyển đổi mã',
                        'verbose_name_plural': 'bảng chuyển đổi mã',
                        'ordering': ['code'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('from_vocabulary', models.F('to_vocabulary')), _negated=True), name='crosswalk_table_of_two')],
                    },
                ),
                migrations.CreateModel(
                    name='Word',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('abbreviation', 'Viết tắt'), ('synonym', 'Đồng nghĩa'), ('translation', 'Việt – Anh')], max_length=12, verbose_name='loại')),
                        ('short', models.CharField(help_text='Chữ viết tắt, từ tiếng Việt hoặc từ cần thêm nghĩa.', max_length=120, verbose_name='từ')),
                        ('long', models.CharField(help_text='Cụm từ đầy đủ, từ đồng nghĩa hoặc từ tiếng Anh tương ứng.', max_length=200, verbose_name='nghĩa là')),
                        ('is_one_way', models.BooleanField(default=False, help_text='Tìm từ thứ nhất thì tìm cả từ thứ hai, không ngược lại.', verbose_name='một chiều')),
                        ('field_codes', models.JSONField(blank=True, default=list, help_text='Khi người tìm chọn lĩnh vực, chỉ nghĩa thuộc lĩnh vực đó được dùng.', verbose_name='lĩnh vực của nghĩa này')),
                        ('context', models.CharField(blank=True, help_text='Những từ cho biết là nghĩa này, cách nhau bằng dấu cách: máy phay tiện gia công.', max_length=300, verbose_name='từ đi kèm')),
                        ('note', models.CharField(blank=True, help_text='Hiện cho người tìm khi từ có nhiều nghĩa.', max_length=200, verbose_name='ghi chú')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='nguồn')),
                        ('status', models.CharField(choices=[('active', 'Đang dùng'), ('off', 'Không dùng')], default='active', max_length=8, verbose_name='tình trạng')),
                        ('is_shipped', models.BooleanField(default=False, editable=False)),
                        ('is_edited', models.BooleanField(default=False, editable=False, help_text='an upgrade leaves it as staff made it')),
                        ('changed_at', models.DateTimeField(default=marketplace.core.clock.now, editable=False, verbose_name='sửa lúc')),
                    ],
                    options={
                        'verbose_name': 'từ tìm kiếm',
                        'verbose_name_plural': 'từ tìm kiếm',
                        'ordering': ['short', 'long'],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'short', 'long'), name='word_once', violation_error_message='Cặp từ này đã có.'), models.CheckConstraint(condition=models.Q(models.Q(('short', ''), _negated=True), models.Q(('long', ''), _negated=True)), name='word_has_both_forms')],
                    },
                ),
                migrations.CreateModel(
                    name='Crosswalk',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('relation', models.CharField(choices=[('exact', 'Trùng nghĩa'), ('broader', 'Rộng hơn'), ('narrower', 'Hẹp hơn'), ('related', 'Có liên quan')], max_length=8, verbose_name='quan hệ')),
                        ('source', models.CharField(blank=True, max_length=300, verbose_name='nguồn')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                        ('table', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='taxonomy.crosswalktable', verbose_name='bảng chuyển đổi mã')),
                        ('from_term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leads_to', to='taxonomy.term', verbose_name='từ mã')),
                        ('to_term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comes_from', to='taxonomy.term', verbose_name='sang mã')),
                    ],
                    options={
                        'verbose_name': 'cặp mã chuyển đổi',
                        'verbose_name_plural': 'cặp mã chuyển đổi',
                        'constraints': [models.UniqueConstraint(fields=('from_term', 'to_term'), name='crosswalk_pair'), models.CheckConstraint(condition=models.Q(('from_term', models.F('to_term')), _negated=True), name='crosswalk_between_two_terms')],
                    },
                ),
                migrations.CreateModel(
                    name='UnresolvedCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('vocabulary', models.SlugField(max_length=60, verbose_name='bảng mã')),
                        ('to', models.SlugField(max_length=60, verbose_name='sang bảng mã')),
                        ('key', models.CharField(editable=False, max_length=200)),
                        ('value', models.CharField(max_length=200, verbose_name='giá trị trong hồ sơ')),
                        ('outcome', models.CharField(choices=[('ambiguous', 'Có nhiều cách hiểu'), ('unknown', 'Không có trong bảng')], max_length=10, verbose_name='kết quả đọc')),
                        ('candidates', models.JSONField(default=list, verbose_name='các mã có thể')),
                        ('times_seen', models.PositiveIntegerField(default=1, verbose_name='số lần gặp')),
                        ('first_seen_at', models.DateTimeField(verbose_name='gặp lần đầu')),
                        ('last_seen_at', models.DateTimeField(verbose_name='gặp gần nhất')),
                        ('state', models.CharField(choices=[('waiting', 'Chờ xác định'), ('resolved', 'Đã xác định'), ('left', 'Để trống')], db_index=True, default='waiting', max_length=8, verbose_name='tình trạng')),
                        ('resolved_code', models.CharField(blank=True, max_length=40, verbose_name='mã đã chọn')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='ghi chú')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='xác định lúc')),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='người xác định')),
                    ],
                    options={
                        'verbose_name': 'mã chờ xác định',
                        'verbose_name_plural': 'mã chờ xác định',
                        'ordering': ['-times_seen', 'value'],
                        'constraints': [models.UniqueConstraint(fields=('vocabulary', 'to', 'key'), name='unresolved_code_once'), models.CheckConstraint(condition=models.Q(('state', 'resolved'), ('resolved_code', ''), _connector='XOR'), name='unresolved_code_resolved_with_a_code')],
                    },
                ),
            ]
        ),
    ]
