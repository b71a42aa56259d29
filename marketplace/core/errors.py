"""Errors that a user can do something about; views turn them into messages, never into a 500."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule of the exchange was not met. `message` is translatable and says what to do."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class InvalidTransition(DomainError):
    """The object is no longer in a state that allows this: somebody was first."""


class StaleForm(DomainError):
    """The object changed after the form was opened."""


class UploadRejected(DomainError):
    """A file is not what it claims to be, too large, or of a kind that is not taken."""
