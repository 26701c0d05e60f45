"""Write docs/permissions.md, the matrix of roles and verbs, from the tables that the program asks.

python -m scripts.permissions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from app.core import language
from app.core.language import _
from app.core.session import ROLES
from app.models.permissions import READERS, RULES
from app.models.record import KINDS
from app.models.steps import STEPPED, steps_of
from app.services import workplace

PAGE = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"
assert workplace.LATEST  # importing it enters every kind and its steps
_INTRODUCTION = """# Who may do what

Written by `python -m scripts.permissions` from `app/models/permissions.py` and the steps; a test holds it to them.
A person may hold several roles and may do what any of them may. In an open branch, one without passwords, the one person holds
all. Reading is open to everybody who can sign in, but for what stands under “Reading”. **!** marks what asks for the password
again unless it was given within five minutes. Whoever signs in with a password for one time may do nothing before changing it.
"""
_READING = """
## Reading

Who reads guarded fields as they stand. To others numbers show their ends only (138****0001) and notes not at all (—), in lists,
on pages, in searches, exports, registers on paper, the history and JSON. Who may look at them all the same says the table above.
A person's data (`customer.tell`) and the archive hold everything. Why so: [decisions/sight.md](decisions/sight.md).
"""
_STEPS = """
## Steps

Which of them is possible at a moment also depends on the case. A deputy takes steps in the role of who is away. Approving follows
the ladder of limits, and nobody approves their own proposal.
"""


def _table(head: str, rows: Iterable[tuple[str, str, tuple[str, ...]]]) -> Iterator[str]:
    yield f"| {head} | code | {' | '.join(_(word) for word in ROLES.values())} |"
    yield f"|---|---|{'|'.join(':-:' for _role in ROLES)}|"
    for label, code, roles in rows:
        yield f"| {label} | `{code}` | {' | '.join('●' if role in roles else '' for role in ROLES)} |"


def _guarded(guard: str) -> str:
    """The fields of a guard, those of parts by their part."""
    tables = [(kind, table) for kind, table in sorted(KINDS.items())]
    tables += [(f"{kind}.{code}", part) for kind, table in list(tables) for code, part in table.PARTS.items()]
    return ", ".join(f"`{name}.{one.code}`" for name, table in tables for one in table.FIELDS if one.guard == guard)


def page() -> str:
    """The page as it must stand in the documentation."""
    language.choose("en")
    verbs = ((_(rule.label) + " **!**" * rule.grave, code, rule.roles) for code, rule in RULES.items())
    lines = [_INTRODUCTION, *_table("Verb", verbs), _READING]
    lines += _table("Fields", ((f"{_(rule.label)}: {_guarded(code)}", code, rule.roles) for code, rule in READERS.items()))
    lines += [_STEPS]
    for kind in sorted(STEPPED):
        lines += [f"### {_(KINDS[kind].LABEL).capitalize()}", ""]
        lines += [*_table("Step", ((_(step.label), step.code, step.roles) for step in steps_of(kind))), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
