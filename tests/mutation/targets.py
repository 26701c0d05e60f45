"""What is mutated, by group, and which tests are asked for each module."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """A module of a group; `only` names the definitions in it that are meant, all where none is named.

    `but`: words in the names of tests that take too long to be asked about each mutant.
    """

    group: str
    path: str
    tests: tuple[str, ...]
    only: tuple[str, ...] = ()
    but: str = "processes or kill or as_long"

    @property
    def name(self) -> str:
        """As it is named on the command line: the module without its room."""
        return self.path.rpartition("/")[2].removesuffix(".py")


GROUPS = ("money", "numbering", "permission", "history", "keys")
GOAL = 85
"""Of a hundred mutants of a group that tests must notice."""
_MONEY = ("tests/core/test_money.py",)
_CAPITALS = ("tests/core/test_capital_amount.py",)
_FIELDS = (*_MONEY, "tests/core/test_fields.py")
_FORMATS = (*_MONEY, "tests/core/test_formats.py")
_PERMISSIONS = (
    "tests/models/test_permissions.py",
    # The page is kept and read by people; each verb driven with each role would take a minute for every mutant.
    "tests/services/test_permissions.py::test_the_page_shows_the_matrix_as_it_is",
)
_TABLES = "tests/models/test_tables.py::test_migrations_make_the_tables_that_the_program_declares"
_CHAIN = ("tests/core/test_chain.py", "tests/models/test_history.py", "tests/services/test_check_history.py")
_KEYS = ("tests/core/test_keyring.py", "tests/core/test_keyring_acts.py")
TARGETS = (
    Target("money", "app/core/capital_amount.py", _CAPITALS),
    Target(
        "money",
        "app/core/fields.py",
        _FIELDS,
        (
            *("LARGEST_MONEY", "_NUMBER", "_LONGEST_NUMBER", "_number", "_places", "_read_money", "_read_quantity"),
            *("_read_integer", "_check_range"),
        ),
    ),
    Target("money", "app/core/formats.py", _FORMATS, ("money", "quantity", "percent", "file_size", "show", "as_json")),
    Target("money", "app/core/database.py", _MONEY, ("MoneyColumn", "QuantityColumn")),
    Target("numbering", "app/models/numbering.py", ("tests/models/test_numbering.py", _TABLES)),
    Target("permission", "app/models/permissions.py", _PERMISSIONS),
    Target("history", "app/core/chain.py", _CHAIN[:2]),
    Target("history", "app/models/history.py", (*_CHAIN[1:], _TABLES)),
    Target("history", "app/services/anchors.py", ("tests/services/test_anchors.py",)),
    Target("keys", "app/core/wrapping.py", ("tests/core/test_wrapping.py", "tests/core/test_key_file.py")),
    Target("keys", "app/core/key_file.py", ("tests/core/test_key_file.py",)),
    Target("keys", "app/core/keyring.py", _KEYS),
    Target("keys", "app/core/tries.py", ("tests/core/test_tries.py",)),
    Target("keys", "app/core/passwords.py", ("tests/core/test_passwords.py",)),
)
