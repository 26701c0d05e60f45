"""What who listens misses in a window: controls without role or name, marks that are read aloud.

Each function gives findings as lines; no line, nothing wrong. What is asked is the tree that screen readers read.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QScrollArea, QTableView, QWidget

Role, Text = QAccessible.Role, QAccessible.Text
VAGUE = (Role.NoRole, Role.Client, Role.Border, Role.Pane, Role.Grouping, Role.Window, Role.LayeredPane)
"""Roles of what holds others, and says nothing of what one can do with it."""
ACCESSIBLE = Qt.ItemDataRole.AccessibleTextRole
CONTROLS = (
    Role.Button, Role.ButtonMenu, Role.ButtonDropDown, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText,
    Role.SpinBox, Role.Slider, Role.Table, Role.List, Role.Tree, Role.PageTab, Role.PageTabList, Role.Link, Role.MenuItem,
    Role.Chart, Role.Graphic, Role.ListItem, Role.ColumnHeader, Role.Dialog,
)  # fmt: skip


def everything(root: QWidget) -> list[str]:
    """All that is wrong within a window."""
    found = []
    for node in tree(QAccessible.queryAccessibleInterface(root)):
        found += [f"{place_of(node)}: {what}" for what in (*unnamed(node), *vague(node), *marked_up(node))]
    return found


def tree(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """A node and all that is seen below it; not the cells of tables."""
    yield node
    widget = node.object()
    if isinstance(widget, QTableView):  # what its cells say is tried with the tables
        return
    for place in range(node.childCount()):
        child = node.child(place)
        if child is None or not child.isValid() or child.state().invisible:
            continue
        if isinstance(inner := child.object(), QWidget) and (inner.isWindow() or not inner.isVisible()):
            continue
        yield from tree(child)


def place_of(node: QAccessibleInterface) -> str:
    """So that it can be found in the code."""
    widget = node.object()
    name = widget.objectName() if widget is not None else ""
    return f"{type(widget).__name__} {name!r}, {node.role().name} {node.text(Text.Name)!r}"


def name_of(node: QAccessibleInterface) -> str:
    """Its name, or the words of the label that speaks for it."""
    own = node.text(Text.Name)
    labels = [other for other, kind in node.relations() if kind & QAccessible.RelationFlag.Label] if not own else []
    return own or " ".join(one.text(Text.Name) for one in labels)


def unnamed(node: QAccessibleInterface) -> Iterator[str]:
    """A control that says nothing but what it is."""
    if node.role() in CONTROLS and not name_of(node).strip():
        yield "no name"


def vague(node: QAccessibleInterface) -> Iterator[str]:
    """Tab reaches it, and nobody hears what can be done with it, or where one is."""
    widget = node.object()
    if not isinstance(widget, QWidget) or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None:
        return
    if isinstance(widget, QScrollArea):  # there is nothing to do with it but to scroll what it holds
        yield from [] if name_of(node).strip() else ["no name"]
    elif node.role() in VAGUE:
        yield "a control without a role"


def marked_up(node: QAccessibleInterface) -> Iterator[str]:
    """Marks of rich text, read aloud."""
    for part in (Text.Name, Text.Description):
        if "<" in node.text(part) and ">" in node.text(part):
            yield f"marks are read: {node.text(part)!r}"
