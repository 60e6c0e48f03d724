"""Saying no: once, kindly, with a code."""

from typing import Any


def N_(text: str) -> str:
    """Marks a Chinese sentence for the catalogue; the door that shows it translates it (`%(name)s` from facts)."""
    return text


class Refusal(Exception):
    """A rule or a role said no. The sender keeps what they wrote; the ledger keeps it too.

    code: stable, dotted, for programs. text: Chinese, says what to do next. facts: plain values for both.
    """

    def __init__(self, code: str, text: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.text, self.facts = code, text, facts


class Quarantine(Refusal):
    """The act cannot be understood or trusted; its content is kept for the manager, nothing is done with it."""
