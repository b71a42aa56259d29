"""People that published records name: one authority record a person, and who took part in what."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.text import fold, new_public_id, slugify
from marketplace.research.models.choices import PersonRole
from marketplace.research.models.results import Result
from marketplace.research.models.tasks import Task
from marketplace.research.names import person_key

NAME_LIMIT = 200


class PersonQuerySet(models.QuerySet["Person"]):
    def public(self) -> Self:
        """Whoever a public record names; not who was merged into another or asked for no page."""
        part = Participation.objects.filter(person=OuterRef("pk"))
        return self.filter(
            Exists(part.filter(result__in=Result.objects.public()))
            | Exists(part.filter(task__in=Task.objects.public())),
            merged_into=None,
            is_hidden=False,
        )

    def visible_to(self, user: Any) -> Self:
        return self.public()

    def current(self) -> Self:
        return self.filter(merged_into=None)

    def named_like(self, text: str) -> Self:
        """Names with words that begin with what was typed, with or without marks (`core.words`)."""
        return self.filter(name_folded__holds_words=text) if text.strip() else self


class Person(models.Model):
    """The authority record of a person.

    Records alone make it: the same name at the same organisation is the same person, and nothing
    less is. What else joins or parts people is an act of staff that can be undone (`PersonAct`). Their
    page tells only what published records print; ORCID and ISNI are shown once the person agreed.
    """

    public_id = models.CharField(max_length=12, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("họ và tên"), max_length=NAME_LIMIT)
    #: What two spellings of one name have in common (`names.person_key`).
    name_key = models.CharField(max_length=NAME_LIMIT, editable=False)
    name_folded = models.CharField(max_length=NAME_LIMIT, db_index=True, editable=False)
    #: Other spellings under which records name the person.
    variants = models.JSONField(_("cách viết khác"), default=list, blank=True)
    organization = models.ForeignKey(
        "accounts.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("tổ chức"),
    )
    #: 0 is whom records mean by this name at this organisation; staff told the others apart.
    homonym = models.PositiveIntegerField(default=0, editable=False)
    orcid = models.CharField("ORCID", max_length=19, blank=True)
    isni = models.CharField("ISNI", max_length=19, blank=True)
    agreed_on = models.DateField(_("đồng ý công khai mã định danh ngày"), null=True, blank=True)
    is_hidden = models.BooleanField(_("không có trang riêng"), default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhà khoa học")
        verbose_name_plural = _("nhà khoa học")
        constraints = [
            models.UniqueConstraint(
                fields=["name_key", "organization", "homonym"], name="person_once"
            ),
            # Two statements, since SQLite takes every NULL for another one.
            models.UniqueConstraint(
                fields=["name_key", "homonym"],
                condition=Q(organization=None),
                name="person_without_organization_once",
            ),
            models.UniqueConstraint(
                fields=["orcid"], condition=~Q(orcid="") & Q(merged_into=None), name="orcid_once"
            ),
            models.UniqueConstraint(
                fields=["isni"], condition=~Q(isni="") & Q(merged_into=None), name="isni_once"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("pk")),
                name="person_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The key stays as records write the name, whatever staff correct in the name as shown.
        self.name_key = self.name_key or person_key(self.name)
        self.name_folded = fold(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("research:person", args=[slugify(self.name), self.public_id])


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def public(self) -> Self:
        return self.filter(
            Q(result__in=Result.objects.public()) | Q(task__in=Task.objects.public())
        )


class Participation(models.Model):
    """One person's part in one result or task, as the record prints it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="participations")
    result = models.ForeignKey(
        Result, models.CASCADE, null=True, blank=True, related_name="participations"
    )
    task = models.ForeignKey(
        Task, models.CASCADE, null=True, blank=True, related_name="participations"
    )
    role = models.CharField(_("vai trò"), max_length=10, choices=PersonRole)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    #: As written; the key by which a record that is read again finds its row.
    name = models.CharField(_("tên trong hồ sơ"), max_length=NAME_LIMIT)
    name_key = models.CharField(max_length=NAME_LIMIT, editable=False)
    #: Staff said who this is: the tick leaves it with that person.
    is_settled = models.BooleanField(default=False, editable=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("tham gia")
        verbose_name_plural = _("tham gia")
        ordering: ClassVar = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result=None) ^ Q(task=None), name="participation_in_one_record"
            ),
            models.UniqueConstraint(
                fields=["result", "name_key"], name="participation_once_in_result"
            ),
            models.UniqueConstraint(fields=["task", "name_key"], name="participation_once_in_task"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonAct(models.Model):
    """A merge or a split by staff, with what it moved: enough to undo it."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Gộp")
        SPLIT = "split", _("Tách")

    kind = models.CharField(_("việc"), max_length=5, choices=Kind)
    #: The one that stays.
    person = models.ForeignKey(Person, models.CASCADE, related_name="acts")
    #: The one that was merged into it, or split off from it.
    other = models.ForeignKey(Person, models.CASCADE, related_name="other_acts")
    moved = models.JSONField(default=list)
    added_variants = models.JSONField(default=list)
    #: {"orcid", "isni"} that the merge took over from the other.
    taken = models.JSONField(default=dict)
    reason = models.CharField(_("lý do"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("lúc"))
    undone_at = models.DateTimeField(_("đã hoàn tác lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("gộp và tách")
        verbose_name_plural = _("gộp và tách")
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person_id}, {self.other_id}"
