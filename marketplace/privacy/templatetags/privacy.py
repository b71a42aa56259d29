from django import template

from marketplace.privacy import ledger

register = template.Library()


@register.simple_tag
def required_documents() -> list[ledger.Document]:
    """What is part of having an account, in the versions in force."""
    return ledger.required_documents()
