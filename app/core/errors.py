"""What can go wrong in the user's terms. Anything else that is raised is a fault of the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class UserError(Exception):
    """A sentence, in the user's language, that says what is wrong and what to do."""

    exit_code = 1


class WrongUsage(UserError):
    """Arguments of a command that do not go together."""

    exit_code = 2


class ValidationError(UserError):
    """Values that a record cannot take: field code → sentence. A row of a part is `part[index].field`."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        self.errors = dict(errors)
        super().__init__("\n".join(self.errors.values()))


class RuleBroken(UserError):
    """A step that a rule of the handling procedure forbids; `rule` is its number, `field` what is to be filled in otherwise."""

    def __init__(self, rule: int, sentence: str, field: str = "") -> None:
        self.rule = rule
        self.field = field
        super().__init__(sentence)


class Difference(NamedTuple):
    """One field on which two versions of a record disagree, as shown to a person."""

    code: str
    label: str
    mine: str
    theirs: str


class Conflict(UserError):
    """Somebody else saved the record after it was read; nothing was written."""

    def __init__(self, sentence: str, differences: tuple[Difference, ...] = ()) -> None:
        self.differences = differences
        super().__init__(sentence)


class NotPermitted(UserError):
    """The acting person may not do this."""

    exit_code = 5


class SignInNeeded(NotPermitted):
    """The data can only be opened by somebody who signs in."""


class PasswordNeeded(NotPermitted):
    """The acting person may, but has to give the password again first."""


class Cancelled(Exception):
    """The person stopped a long piece of work; everything it had begun was undone."""
