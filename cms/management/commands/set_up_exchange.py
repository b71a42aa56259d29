from typing import Any

from django.core.management import BaseCommand, call_command

from cms.setup import set_up_curation, set_up_pages
from marketplace.accounts.models import Exchange
from marketplace.research.forms import load_forms
from marketplace.research.full_texts.rules import load_rules
from marketplace.sources.services import ensure_own_source


class Command(BaseCommand):
    help = "Brings a new or upgraded installation to where staff can work: vocabularies, groups, workflow, pages."

    def handle(self, *args: Any, **options: Any) -> None:
        Exchange.default()
        call_command("load_vocabularies", verbosity=options["verbosity"])
        call_command("load_registration_rules")
        load_forms()
        load_rules()
        ensure_own_source()
        set_up_curation()
        set_up_pages()
        if options["verbosity"]:
            self.stdout.write("Đã nạp danh mục, nhóm cán bộ, quy trình duyệt và lý do trả lại.")
