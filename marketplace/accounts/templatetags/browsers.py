from django import template

from marketplace.accounts.browsers import browser_in_words

register = template.Library()
register.filter(browser_in_words)
