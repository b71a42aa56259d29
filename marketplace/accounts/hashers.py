"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id as OWASP's cheat sheet on storing passwords asks at least: 19 MiB, two passes, one lane.

    Django's own (100 MiB, eight lanes) takes a quarter of a second of a core, so that five people who sign
    in at once hold everybody else up. Hashes of other parameters are read, and made anew at the next login.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
