"""Forms of the admin whose rows are written by a service, which may still find a fault."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse

from marketplace.core.errors import DomainError


class SavedByService:
    """For Wagtail's create and edit views: a fault that the service finds stands in the form."""

    form: Any
    request: Any

    def form_valid(self, form: Any) -> HttpResponse:
        self.form = form
        try:
            return self.save_form(form)
        except ValidationError as error:
            return self.refused(form, error.messages)
        except DomainError as error:
            return self.refused(form, str(error.message))

    def save_form(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        return answer

    def refused(self, form: Any, messages: Any) -> HttpResponse:
        form.add_error(None, messages)
        # Wagtail sets this where its own check failed, and asks for it where the form is shown again.
        self.produced_error_message = self.get_error_message()
        answer: HttpResponse = self.form_invalid(form)
        return answer
