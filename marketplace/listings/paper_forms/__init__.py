"""The paper forms of Techmart: handed out blank or filled, read back into drafts.

`form_for` and `forms_on` say which there are, `document` writes one, `read_form` reads one.
"""

from marketplace.listings.paper_forms.editions import Line, PaperForm, form_for, forms_on
from marketplace.listings.paper_forms.reading import Answers, read_form
from marketplace.listings.paper_forms.writing import document

__all__ = ["Answers", "Line", "PaperForm", "document", "form_for", "forms_on", "read_form"]
