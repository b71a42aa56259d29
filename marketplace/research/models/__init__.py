"""The registers of the national database: tasks, results and their applications, people, programmes."""

from marketplace.research.models.attachments import Attachment, AttachmentQuerySet, register_grant
from marketplace.research.models.browsing import Counting, Entry, EntryField, FacetCount
from marketplace.research.models.choices import (
    TASK_TRANSITIONS,
    Access,
    ApplicationStatus,
    AttachmentKind,
    BasisStatus,
    FieldType,
    FormOfUse,
    NumberKind,
    PersonRole,
    PublicationState,
    Register,
    TaskLevel,
    TaskState,
)
from marketplace.research.models.forms import Form, FormField, NumberPattern, OldIdentifier
from marketplace.research.models.people import Participation, Person, PersonAct, PersonQuerySet
from marketplace.research.models.records import Record, RecordQuerySet, field_trail
from marketplace.research.models.results import Application, Result, ResultQuerySet
from marketplace.research.models.tasks import Programme, ProgrammeQuerySet, Task, TaskQuerySet

__all__ = [
    "TASK_TRANSITIONS",
    "Access",
    "Application",
    "ApplicationStatus",
    "Attachment",
    "AttachmentKind",
    "AttachmentQuerySet",
    "BasisStatus",
    "Counting",
    "Entry",
    "EntryField",
    "FacetCount",
    "FieldType",
    "Form",
    "FormField",
    "FormOfUse",
    "NumberKind",
    "NumberPattern",
    "OldIdentifier",
    "Participation",
    "Person",
    "PersonAct",
    "PersonQuerySet",
    "PersonRole",
    "Programme",
    "ProgrammeQuerySet",
    "PublicationState",
    "Record",
    "RecordQuerySet",
    "Register",
    "Result",
    "ResultQuerySet",
    "Task",
    "TaskLevel",
    "TaskQuerySet",
    "TaskState",
    "field_trail",
    "register_grant",
]
