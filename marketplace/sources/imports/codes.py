"""Codes of records brought to the editions in force; what no table answers is said, never guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from marketplace.sources.imports.refusals import Waiting
from marketplace.taxonomy.codes import parse_code
from marketplace.taxonomy.models import Vocabulary
from marketplace.taxonomy.translating import Translation, translate_code

FIELDS, PROVINCES, INDUSTRIES = "st-fields", "provinces", "industries"
#: Values that are remembered; a file of other values than codes must not fill the memory.
_REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Read:
    """One value read: its code, or why there is none."""

    code: str = ""
    #: No table answers, and a person can.
    waiting: Translation | None = None
    #: A person answered: the record itself says only the value.
    is_decision: bool = False


@dataclass(slots=True)
class Values:
    """The values of one field of one record."""

    codes: list[str] = field(default_factory=list)
    #: What the record itself says: as `codes`, but where a person decides or decided the value as
    #: written. A decision is no news from the source.
    said: list[str] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    #: Values that are no code at all.
    strange: list[str] = field(default_factory=list)


class Codes:
    """Reads codes by the crosswalks as they stand; one for a run."""

    def __init__(self) -> None:
        self._targets: dict[str, str] = {}
        self._known: dict[tuple[str, str], Read] = {}

    def read(self, scheme: str, text: str) -> Read:
        found = self._known.get((scheme, text))
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[scheme, text] = self._translated(scheme, text)
        return found

    def known_since(self, count: int) -> tuple[dict[tuple[str, str], Read], int]:
        """What was read after the first `count` values (all of it, where they were forgotten), and
        how many there are: what `learn` takes in another process."""
        new = list(self._known.items())[count if count <= len(self._known) else 0 :]
        return dict(new), len(self._known)

    def learn(self, known: Mapping[tuple[str, str], Read]) -> None:
        self._known |= known

    def values(self, name: str, scheme: str, texts: Iterable[str]) -> Values:
        found = Values()
        for text in texts:
            read = self.read(scheme, text)
            if read.code and read.code not in found.codes:
                found.codes.append(read.code)
            if read.waiting:
                found.waiting.append(Waiting(name, read.waiting))
            elif not read.code:
                found.strange.append(text)
            said = text if read.waiting or read.is_decision else read.code
            if said and said not in found.said:
                found.said.append(said)
        return found

    def _translated(self, scheme: str, text: str) -> Read:
        answer = translate_code(scheme, text, to=self._target(scheme))
        if answer.outcome == "exact":
            return Read(answer.code, is_decision=answer.is_decision)
        if answer.can_wait:
            return Read(waiting=answer)
        # The table in force is not at hand, or not down to this level: the code stays as it is.
        return Read(parse_code(scheme, text) or "")

    def _target(self, scheme: str) -> str:
        """The edition in force, be it whole or not; of what is not loaded the scheme itself."""
        if scheme not in self._targets:
            edition = Vocabulary.objects.named(scheme).loaded().in_preference().first()
            self._targets[scheme] = edition.code if edition else scheme
        return self._targets[scheme]
