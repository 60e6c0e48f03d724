"""What a check found: findings with their places, and the one word they come to (evidence.md 3.7)."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Word(IntEnum):
    """The exit codes of verify and audit."""

    OK = 0
    TAMPERED = 1
    INCOMPLETE = 2
    UNKNOWN_KEY = 3
    REDACTED = 4


WORST_FIRST = (Word.TAMPERED, Word.UNKNOWN_KEY, Word.INCOMPLETE, Word.REDACTED)


@dataclass(frozen=True)
class Finding:
    """kind: a dotted code that words.py says in a sentence with these facts (store, visit, index, field, …)."""

    word: Word
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Report:
    """title: what was looked at. notes: what is good to know and changes no verdict, in the same form as findings."""

    title: str
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    def add(self, word: Word, kind: str, **facts: Any) -> None:
        self.findings.append(Finding(word, kind, facts))

    def tampered(self, kind: str, **facts: Any) -> None:
        self.add(Word.TAMPERED, kind, **facts)

    def note(self, kind: str, **facts: Any) -> None:
        self.notes.append(Finding(Word.OK, kind, facts))

    @property
    def word(self) -> Word:
        found = {finding.word for finding in self.findings}
        return next((word for word in WORST_FIRST if word in found), Word.OK)

    @property
    def kinds(self) -> list[str]:
        return sorted({finding.kind for finding in self.findings})
