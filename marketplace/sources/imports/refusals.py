"""Why a record is not taken, and what of a record that is taken was left out."""

from dataclasses import dataclass

from marketplace.taxonomy.translating import Translation


class Refused(Exception):
    """The record is not taken. The reason names no text of a record that may not be kept."""

    def __init__(
        self,
        reason: str,
        *,
        rule: str,
        column: str = "",
        value: str = "",
        source_id: str = "",
        is_classified: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.rule, self.column, self.value = reason, rule, column, value
        #: Never reported: finds the row of a record that was open before.
        self.source_id = source_id
        self.is_classified = is_classified


@dataclass(frozen=True, slots=True)
class Remark:
    """A value that was left out, by the column as its source calls it."""

    column: str
    text: str
    rule: str
    value: str

    def __str__(self) -> str:
        return f"{self.column}: {self.text}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A value of this field that a person is to say what it stands for."""

    field: str
    translation: Translation
