import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import modelcluster.fields
import wagtail.contrib.routable_page.models
import wagtail.fields
from django.conf import settings
from django.db import migrations, models

import marketplace.core.clock
import marketplace.core.text
from marketplace.core.migrating import CreateModels


class Migration(migrations.Migration):
    # A database that was made step by step takes this one as done.
    replaces = [
        ("cms", "0001_review_task"),
        ("cms", "0002_reviewtask_four_eyes"),
        ("cms", "0003_content_pages"),
        ("cms", "0004_rights_handed_out"),
        ("cms", "0005_kinds_of_page"),
        ("cms", "0006_readers_of_pages"),
        ("cms", "0007_review_desk"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_tables"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("core", "0001_tables"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name='ContentPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                    ],
                    options={
                        'verbose_name': 'trang nội dung',
                        'verbose_name_plural': 'trang nội dung',
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='DossierPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('field_codes', models.JSONField(blank=True, default=list, verbose_name='lĩnh vực khoa học và công nghệ')),
                    ],
                    options={
                        'verbose_name': 'hồ sơ chuyên đề',
                        'verbose_name_plural': 'hồ sơ chuyên đề',
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='EventPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('field_codes', models.JSONField(blank=True, default=list, verbose_name='lĩnh vực khoa học và công nghệ')),
                        ('starts_at', models.DateTimeField(db_index=True, verbose_name='bắt đầu')),
                        ('ends_at', models.DateTimeField(verbose_name='kết thúc')),
                        ('place', models.CharField(blank=True, max_length=200, verbose_name='địa điểm')),
                        ('address', models.CharField(blank=True, max_length=300, verbose_name='địa chỉ')),
                        ('province_code', models.CharField(blank=True, max_length=10, verbose_name='tỉnh, thành phố')),
                        ('host', models.CharField(blank=True, max_length=200, verbose_name='đơn vị tổ chức')),
                        ('join_url', models.URLField(blank=True, help_text='Địa chỉ trang đăng ký dự.', max_length=500, verbose_name='nơi đăng ký')),
                    ],
                    options={
                        'verbose_name': 'sự kiện',
                        'verbose_name_plural': 'sự kiện',
                    },
                    bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
                ),
                migrations.CreateModel(
                    name='FaqPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                    ],
                    options={
                        'verbose_name': 'hỏi đáp',
                        'verbose_name_plural': 'hỏi đáp',
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='FieldPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('field_code', models.CharField(max_length=10, verbose_name='lĩnh vực khoa học và công nghệ')),
                    ],
                    options={
                        'verbose_name': 'trang lĩnh vực',
                        'verbose_name_plural': 'trang lĩnh vực',
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='HelpPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('role', models.CharField(choices=[('enterprise', 'Doanh nghiệp'), ('institute', 'Viện, trường'), ('broker', 'Tổ chức trung gian'), ('expert', 'Chuyên gia'), ('registrar', 'Đơn vị đăng ký kết quả'), ('staff', 'Cán bộ sàn')], max_length=12, verbose_name='dành cho')),
                        ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='mất khoảng bao nhiêu phút')),
                    ],
                    options={
                        'verbose_name': 'hướng dẫn',
                        'verbose_name_plural': 'hướng dẫn',
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='InstitutePage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('organization_address', models.CharField(help_text='Dán địa chỉ trang của tổ chức; công nghệ và kết quả của họ hiện ở đây.', max_length=300, verbose_name='trang của tổ chức trên sàn')),
                    ],
                    options={
                        'verbose_name': 'giới thiệu viện, trường',
                        'verbose_name_plural': 'giới thiệu viện, trường',
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='SectionPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('shows', models.CharField(choices=[('pages', 'Các trang, theo thứ tự trong cây'), ('news', 'Tin, mới nhất ở trên, xem được theo tháng'), ('events', 'Sự kiện, sắp tới ở trên')], default='pages', max_length=10, verbose_name='liệt kê')),
                    ],
                    options={
                        'verbose_name': 'chuyên mục',
                        'verbose_name_plural': 'chuyên mục',
                    },
                    bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
                ),
                migrations.CreateModel(
                    name='SuccessStoryPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('field_codes', models.JSONField(blank=True, default=list, verbose_name='lĩnh vực khoa học và công nghệ')),
                        ('buyer', models.CharField(max_length=200, verbose_name='bên có nhu cầu')),
                        ('supplier', models.CharField(max_length=200, verbose_name='bên có công nghệ')),
                        ('province_code', models.CharField(blank=True, max_length=10, verbose_name='tỉnh, thành phố')),
                        ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='năm chuyển giao')),
                        ('address', models.CharField(blank=True, help_text='Dán địa chỉ trang của công nghệ, thiết bị hoặc kết quả đã chuyển giao.', max_length=300, verbose_name='trang của công nghệ hoặc kết quả trên sàn')),
                    ],
                    options={
                        'verbose_name': 'câu chuyện thành công',
                        'verbose_name_plural': 'câu chuyện thành công',
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='ArticlePage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('field_codes', models.JSONField(blank=True, default=list, verbose_name='lĩnh vực khoa học và công nghệ')),
                        ('shown_on', models.DateField(db_index=True, default=marketplace.core.clock.today, verbose_name='ngày đăng')),
                        ('source', models.CharField(blank=True, help_text='Lấy tin từ đâu, thí dụ: Báo Khoa học và Phát triển. Để trống nếu là tin của sàn.', max_length=150, verbose_name='nguồn')),
                        ('source_url', models.URLField(blank=True, max_length=500, verbose_name='địa chỉ nguồn')),
                        ('picture_text', models.CharField(blank=True, help_text='Người không xem được hình sẽ đọc hoặc nghe câu này.', max_length=250, verbose_name='lời thay hình')),
                        ('picture', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='hình')),
                    ],
                    options={
                        'verbose_name': 'tin',
                        'verbose_name_plural': 'tin',
                    },
                    bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
                ),
                migrations.CreateModel(
                    name='BulkRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('at', models.DateTimeField()),
                        ('action', models.CharField(max_length=12)),
                        ('rows', models.JSONField(default=list)),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'lần duyệt nhiều bài',
                        'verbose_name_plural': 'lần duyệt nhiều bài',
                    },
                ),
                migrations.CreateModel(
                    name='DossierRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                        ('address', models.CharField(help_text='Dán địa chỉ trang công khai của nhu cầu, công nghệ, thiết bị, dịch vụ, kết quả.', max_length=300, verbose_name='địa chỉ trang')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='lời dẫn')),
                        ('dossier', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='chosen', to='cms.dossierpage')),
                    ],
                    options={
                        'verbose_name': 'mục của hồ sơ chuyên đề',
                        'ordering': ['sort_order'],
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='FormerAddress',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('url_path', models.CharField(max_length=600, unique=True)),
                        ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_addresses', to=settings.WAGTAIL_PAGE_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='LegalDocumentPage',
                    fields=[
                        ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                        ('introduction', models.TextField(blank=True, help_text='Một hai câu: trang này giúp người đọc làm gì.', max_length=400, verbose_name='mở đầu')),
                        ('body', wagtail.fields.StreamField([('heading', 0), ('paragraph', 1), ('image', 5), ('quotation', 8), ('document', 11), ('table', 13), ('figures', 14), ('step', 19), ('question', 22)], blank=True, block_lookup={0: ('cms.blocks.heading.HeadingBlock', (), {}), 1: ('cms.blocks.paragraph.ParagraphBlock', (), {}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình'}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Chú thích', 'max_length': 250, 'required': False}), 5: ('wagtail.blocks.StructBlock', [[('image', 2), ('alternative', 3), ('caption', 4)]], {}), 6: ('wagtail.blocks.TextBlock', (), {'label': 'Lời', 'max_length': 600, 'rows': 3}), 7: ('wagtail.blocks.CharBlock', (), {'help_text': 'Để trống thì thành một lời nhắc.', 'label': 'Của ai', 'max_length': 150, 'required': False}), 8: ('wagtail.blocks.StructBlock', [[('text', 6), ('by', 7)]], {}), 9: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'Tệp'}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Tên hiện trên trang', 'max_length': 200}), 11: ('wagtail.blocks.StructBlock', [[('document', 9), ('label', 10)]], {}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Chữ', 'required': False}), 13: ('wagtail.contrib.typed_table_block.blocks.TypedTableBlock', [[('text', 12)]], {}), 14: ('cms.blocks.figures.FiguresBlock', (), {}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Làm gì', 'max_length': 150}), 16: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Cách làm'}), 17: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Hình', 'required': False}), 18: ('wagtail.blocks.CharBlock', (), {'help_text': 'Người không xem được hình sẽ đọc hoặc nghe câu này.', 'label': 'Lời thay hình', 'max_length': 250, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('title', 15), ('text', 16), ('image', 17), ('alternative', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Câu hỏi', 'max_length': 250}), 21: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Trả lời'}), 22: ('wagtail.blocks.StructBlock', [[('question', 20), ('answer', 21)]], {})}, verbose_name='nội dung')),
                        ('number', models.CharField(max_length=60, verbose_name='số, ký hiệu')),
                        ('issuer', models.CharField(max_length=200, verbose_name='cơ quan ban hành')),
                        ('issued_on', models.DateField(verbose_name='ngày ban hành')),
                        ('valid_from', models.DateField(blank=True, null=True, verbose_name='có hiệu lực từ')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='hết hiệu lực sau ngày')),
                        ('source_url', models.URLField(blank=True, max_length=500, verbose_name='địa chỉ bản gốc')),
                        ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtaildocs.document', verbose_name='tệp')),
                    ],
                    options={
                        'verbose_name': 'văn bản pháp luật',
                        'verbose_name_plural': 'văn bản pháp luật',
                    },
                    bases=('wagtailcore.page',),
                ),
                migrations.CreateModel(
                    name='PageEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.CharField(default=marketplace.core.text.new_public_id, editable=False, max_length=12, unique=True)),
                        ('content_version', models.PositiveBigIntegerField(default=1, editable=False)),
                        ('indexed_version', models.PositiveBigIntegerField(default=0, editable=False)),
                        ('matched_version', models.PositiveBigIntegerField(default=0, editable=False)),
                        ('alerted_version', models.PositiveBigIntegerField(db_default=0, default=0, editable=False)),
                        ('is_live', models.BooleanField(default=False)),
                        ('title', models.CharField(blank=True, max_length=255)),
                        ('url_path', models.TextField(blank=True)),
                        ('page', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='entry', to=settings.WAGTAIL_PAGE_MODEL)),
                    ],
                    options={
                        'verbose_name': 'trang trong tìm kiếm',
                        'verbose_name_plural': 'trang trong tìm kiếm',
                    },
                ),
                migrations.CreateModel(
                    name='PageVisit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='ReviewTask',
                    fields=[
                        ('task_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.task')),
                        ('quality_standard', models.TextField(blank=True, help_text='Mỗi dòng một điều cần kiểm tra; hiện bên cạnh bài gửi khi duyệt.', verbose_name='tiêu chuẩn chất lượng')),
                        ('four_eyes', models.BooleanField(default=True, help_text='Ai đã duyệt một bước trước của cùng bản gửi thì không duyệt bước này.', verbose_name='cần người khác')),
                        ('groups', models.ManyToManyField(help_text='Pages/snippets at this step in a workflow will be moderated or approved by these groups of users', to='auth.group', verbose_name='groups')),
                    ],
                    options={
                        'verbose_name': 'bước duyệt tin đăng',
                        'verbose_name_plural': 'bước duyệt tin đăng',
                    },
                    bases=('wagtailcore.task',),
                ),
                migrations.CreateModel(
                    name='HandedOut',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='auth.group')),
                        ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='auth.permission')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('group', 'permission'), name='right_handed_out_once')],
                    },
                ),
                migrations.CreateModel(
                    name='PageFigures',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('views', models.PositiveBigIntegerField(default=0)),
                        ('votes', models.PositiveIntegerField(default=0)),
                        ('stars', models.PositiveIntegerField(default=0)),
                        ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to=settings.WAGTAIL_PAGE_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('stars__gte', models.F('votes')), ('stars__lte', django.db.models.expressions.CombinedExpression(models.F('votes'), '*', models.Value(5)))), name='page_figures_stars')],
                    },
                ),
                migrations.CreateModel(
                    name='StandardEdition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField()),
                        ('text', models.TextField(blank=True)),
                        ('valid_from', models.DateField()),
                        ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='cms.reviewtask')),
                    ],
                    options={
                        'verbose_name': 'bản tiêu chuẩn của bước duyệt',
                        'verbose_name_plural': 'bản tiêu chuẩn của bước duyệt',
                        'constraints': [models.UniqueConstraint(fields=('task', 'number'), name='edition_of_step_once')],
                    },
                ),
                migrations.CreateModel(
                    name='StarVote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('voter', models.CharField(max_length=32)),
                        ('stars', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                        ('given_at', models.DateTimeField(db_index=True)),
                        ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.WAGTAIL_PAGE_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('page', 'voter'), name='stars_given_once'), models.CheckConstraint(condition=models.Q(('stars__range', (1, 5))), name='stars_from_one_to_five')],
                    },
                ),
            ]
        ),
    ]
