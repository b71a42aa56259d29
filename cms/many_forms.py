"""A page of one row with several small forms, each with an act of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import TemplateView
from wagtail.admin import messages

from marketplace.core.errors import DomainError


class ManyForms(TemplateView):
    """The form that was sent, named by its button, is checked, done and told of; the
    others stay as they are. What is refused keeps what was typed."""

    def forms_with(self, posted: Any = None, action: str = "") -> dict[str, Any]:
        """The forms by their acts; ``posted`` belongs to that of ``action``."""
        raise NotImplementedError

    def act(self, action: str, cleaned: dict[str, Any]) -> str:
        """
        Returns:
            What is said of it.
        Raises:
            DomainError: it cannot be done now.
        """
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        forms = self.forms_with(request.POST, action)
        form = forms.get(action)
        if form is not None and not form.is_valid():
            return self.render_to_response(self.get_context_data(forms=forms))
        try:
            told = self.act(action, form.cleaned_data if form is not None else {})
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, told)
        return redirect(request.path)
