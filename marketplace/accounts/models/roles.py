"""What somebody may do in an organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    OWNER = "owner", _("Chủ tài khoản")
    MANAGER = "manager", _("Quản lý")
    CONTRIBUTOR = "contributor", _("Biên tập")
    VIEWER = "viewer", pgettext_lazy("vai trò", "Xem")
    FINANCE = "finance", _("Tài chính")


MANAGING_ROLES = (Role.OWNER, Role.MANAGER)
BELOW_MANAGERS = (Role.CONTRIBUTOR, Role.VIEWER, Role.FINANCE)
EDITING_ROLES = (Role.OWNER, Role.MANAGER, Role.CONTRIBUTOR)
