"""Who may do what: the table is exact for every role, and the page shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import NotPermitted, PasswordNeeded, UserError
from app.core.progress import Progress
from app.core.session import ROLES, Session
from app.models import (
    attachments,
    branches,
    certificates,
    clauses,
    deputies,
    frozen_months,
    numbering,
    permissions,
    practice,
    prints,
    saved_views,
    sight,
    staff,
    unfinished,
    workdays,
)
from app.models.history import History
from app.models.listing import LISTINGS, Query
from app.models.merges import merge
from app.models.permissions import RULES
from app.models.record import KINDS, add, edit, typed_fields
from app.models.saved_views import View
from app.models.steps import STEPPED, Step, option, steps_of, take, void
from app.reports import papers, papers_list, papers_month, papers_period, table_workbook
from app.services import (
    archiving,
    backups,
    cases,
    checking,
    duplicates,
    erasures,
    figures_content,
    importing,
    periods,
    person_data,
    restore_rights,
    scheduled_export,
    staffing,
)
from scripts import permissions as written
from tests import certified
from tests.make import Make
from tests.models.stands import action_in, agreement_in, complaint_in, dispatch_in
from tests.staffed import ADMIN, PASSWORD, quick

APP = Path(__file__).resolve().parents[2] / "app"


def test_every_verb_that_is_asked_for_has_a_rule_and_every_rule_is_asked_for() -> None:
    source = "\n".join(path.read_text("utf-8") for path in APP.rglob("*.py"))
    asked = set(re.findall(r'(?:require|refusal|lock)\([^"\n]*"([a-z_]+\.[a-z_]+)"', source)) | set(prints.VERBS.values())
    asked |= {f"{guard}.reveal" for guard in permissions.READERS}
    asked |= {f"{kind}.{verb}" for kind in KINDS if typed_fields(KINDS[kind]) for verb in ("add", "edit")} | {"product.void"}
    assert asked == set(RULES)
    assert all(rule.roles and set(rule.roles) <= set(ROLES) for rule in RULES.values())


def test_a_verb_without_a_rule_is_nobodys(session: Session) -> None:
    with pytest.raises(NotPermitted, match="Nobody"):
        permissions.require(session, "customer.devour")


Deed = Callable[[], object]
Prepared = Callable[[Make, Path], Deed]


def _adds(kind: str, values: Callable[[Make], dict[str, Any]]) -> Prepared:
    def prepare(make: Make, _place: Path) -> Deed:
        given = values(make)
        return lambda: add(make.session, KINDS[kind], given)

    return prepare


def _edits(made: Callable[[Make], Any], **values: Any) -> Prepared:
    def prepare(make: Make, _place: Path) -> Deed:
        record = made(make)
        return lambda: edit(make.session, record, values, record.version)

    return prepare


def _plainly(act: Callable[[Session], object]) -> Prepared:
    return lambda make, _place: lambda: act(make.session)


def _sets_certificate(make: Make, place: Path) -> Deed:
    path = place / "branch.p12"
    path.write_bytes(certified.certificate())
    return lambda: certificates.choose(make.session, path, certified.PASSWORD)


def _of_a_customer(act: Callable[[Session, Any], object]) -> Prepared:
    def prepare(make: Make, _place: Path) -> Deed:
        record = make.customer()
        return lambda: act(make.session, record)

    return prepare


def _attaches(make: Make, place: Path) -> Deed:
    (place / "a.txt").write_text("发票")
    record = make.customer()
    return lambda: attachments.attach(make.session, record, place / "a.txt")


def _describes(make: Make, place: Path) -> Deed:
    (place / "a.txt").write_text("发票")
    record = make.customer()
    file = attachments.attach(make.session, record, place / "a.txt")
    return lambda: attachments.void(make.session, record, file.id, "传错了")


def _merges(make: Make, _place: Path) -> Deed:
    one, two, three = (make.customer(name=name) for name in ("甲店", "乙店", "丙店"))

    def act() -> None:
        duplicates.dismiss(make.session, one.number, three.number)
        merge(make.session, one, two)

    return act


def _imports(make: Make, place: Path) -> Deed:
    (place / "a.csv").write_text("产品名称\n云岭（软）\n", encoding="utf-8")

    def act() -> None:
        with importing.open_for_import(make.session, "products", place / "a.csv") as opened:
            importing.take_in(opened)

    return act


def _prints(make: Make, _place: Path) -> Deed:
    case = cases.load(make.session, make.complaint().number)

    def act() -> None:
        papers.keep_record(make.session, papers.paper(make.session, papers.FORM, case))

    return act


def _closes(make: Make, _place: Path) -> Deed:
    """Opened and closed again without its figures, which are a matter of other tests."""
    session = make.session
    month = f"20{len(frozen_months.of(session, '2026-10')) + 20}-01"

    def act() -> None:
        frozen_months.keep(session, month, [], "0" * 64, 0, session.clock())
        frozen_months.open_again(session, month, "漏了一件")

    return act


def _exports_figures(make: Make, place: Path) -> Deed:
    content = figures_content.gather(make.session, periods.read("2026-10", date(2026, 11, 23)))
    return lambda: papers_month.write(make.session, place / "m.xlsx", content)


def _deputises(session: Session) -> deputies.Deputy:
    role = next((one for one in ("manager", "head") if one in session.roles), "manager")
    values = {"principal": "甲", "deputy": "乙", "role": role, "since": "2026-11-23", "until": "2026-11-30"}
    return deputies.name(session, values)


def _ends_deputy(make: Make, _place: Path) -> Deed:
    made = _deputises(make.session)
    return lambda: deputies.end(make.session, made.id)


def _switches(make: Make, _place: Path) -> Deed:
    def act() -> None:
        staffing.protect(make.session, ADMIN, PASSWORD)
        staffing.new_code(make.session)
        staffing.unprotect(make.session, PASSWORD)

    return act


def _list(session: Session, path: Path) -> None:
    table_workbook.export(session, path, "客户", LISTINGS["customers"], Query(), ["number", "name"], Progress())


def _staff(make: Make, _place: Path) -> Deed:
    staff.enter_first(make.session, ADMIN)

    def act() -> None:
        staff.add(make.session, {"name": "李静", "roles": ["clerk"]})
        staff.edit(make.session, "李静", {"roles": ["manager"]})

    return act


def _asks_to_restore(session: Session) -> None:
    backup = backups.make(session.folder, "hand", session.clock()).backup
    restore_rights.of_session(session, backup.path, lambda *_asked: None)


def _schedules(make: Make, place: Path) -> Deed:
    """The verb is asked before anything else: an open branch needs no registration."""
    return lambda: _allowed(lambda: scheduled_export.register(make.session, place))


def _allowed(act: Deed) -> None:
    """Refused by nothing but that there is nothing to do."""
    try:
        act()
    except NotPermitted:
        raise
    except UserError as error:
        if "no registration" not in str(error) and "No export is registered" not in str(error):
            raise


def _withdraws(session: Session) -> None:
    _allowed(lambda: scheduled_export.withdraw(session))


_NOW = "2026-11-23 10:00"
DEEDS: dict[str, Prepared] = {
    "customer.add": _adds("customer", lambda make: {"name": "鑫瑞达商行"}),
    "customer.edit": _edits(Make.customer, name="鑫瑞达烟酒店"),
    "product.add": _adds("product", lambda make: {"name": "云岭（软）"}),
    "product.edit": _edits(lambda make: add(make.session, KINDS["product"], {"name": "云岭（软）"}), unit="包"),
    "product.void": lambda make, _place: (lambda record: lambda: void(make.session, record, "停产"))(
        add(make.session, KINDS["product"], {"name": "云岭（软）"})
    ),
    "objection.add": _adds("objection", lambda make: {"customer": make.customer().number, "occurred_at": _NOW, "what": "少货"}),
    "objection.edit": _edits(Make.objection, what="订十条只给三条"),
    "complaint.add": _adds("complaint", lambda make: {"complainant": "陈老板", "received_at": _NOW, "description": "霉变"}),
    "complaint.edit": _edits(Make.complaint, description="七条霉变"),
    "agreement.add": _adds("agreement", lambda make: {"party_a": "城东分公司", "party_b": "鑫瑞达商行", "facts": "六条霉变"}),
    "agreement.edit": _edits(lambda make: agreement_in(make, "draft"), facts="六条霉变，属实"),
    "dispatch.add": _adds("dispatch", lambda make: {"note": "走侧门"}),
    "dispatch.edit": _edits(lambda make: dispatch_in(make, "issued"), note="走侧门"),
    "action.add": _adds("action", lambda make: {"complaint": complaint_in(make, "investigating").number, "root_cause": "漏检"}),
    "action.edit": _edits(lambda make: action_in(make, "open"), lasting="逐批抽检，留样"),
    "card.add": _adds("card", lambda make: {"words": "为什么我没有？"}),
    "card.edit": _edits(Make.card, words="为什么别人有，我没有？"),
    "evidence.add": _adds("evidence", lambda make: {"title": "办法", "type": "policy", "text": "按动销排序"}),
    "evidence.edit": _edits(Make.evidence, title="货源投放办法（修订）"),
    "masked.reveal": _of_a_customer(lambda session, record: sight.reveal(session, type(record), record.id, "phone")),
    "restricted.reveal": _of_a_customer(lambda session, record: sight.reveal(session, type(record), record.id, "background")),
    "kept.reveal": _of_a_customer(lambda session, record: sight.look_at_kept(session, record.KIND, record.id, "agreement")),
    "attachment.add": _attaches,
    "attachment.edit": _describes,
    "customer.merge": _merges,
    "customer.erase": lambda make, _place: (lambda record: lambda: erasures.erase(make.session, record, "申请"))(make.customer()),
    "customer.tell": lambda make, _place: (lambda record: lambda: list(person_data.gather(make.session, record)))(
        make.customer()
    ),
    "register.import": _imports,
    "form.reserve": _plainly(
        lambda session: numbering.void_reserved(session, numbering.reserve(session, "complaint")[0], "印坏了")
    ),
    "paper.print": _prints,
    "register.print": _plainly(lambda session: papers_list.register(session, LISTINGS["customers"], Query(), ["number"])),
    "list.export": lambda make, place: lambda: _list(make.session, place / "a.xlsx"),
    "figures.print": _plainly(lambda session: papers_period.render(session, periods.read("2026-10", date(2026, 11, 23)))),
    "figures.export": _exports_figures,
    "export.schedule": _schedules,
    "export.end": _plainly(_withdraws),
    "month.close": _closes,
    "view.keep": _plainly(lambda session: saved_views.keep(session, LISTINGS["customers"], "我的", View())),
    "draft.keep": _plainly(lambda session: unfinished.keep(session, "customer", "新客户", {})),
    "card.practise": lambda make, _place: (lambda card: lambda: practice.rate(make.session, card, 3))(make.card("published")),
    "branch.edit": _plainly(lambda session: branches.edit(session, {"address": f"解放路 {session.branch.address[-1:]}6 号"})),
    "branch.archive": lambda make, place: (
        lambda: archiving.write(make.session, place / f"{len(list(place.iterdir()))}.zip", Progress())
    ),
    "backup.place": _plainly(lambda session: backups.set_second_place(session, None)),
    "backup.restore": _plainly(_asks_to_restore),
    "branch.repair": _plainly(checking.repair),
    "certificate.edit": _sets_certificate,
    "settings.edit": _plainly(lambda session: branches.change_settings(session, {"copies": 3})),
    "clauses.edit": _plainly(lambda session: clauses.keep(session, clauses.shipped())),
    "calendar.edit": _plainly(lambda session: workdays.mark(session, date(2026, 12, 26), True, "盘点")),
    "deputy.name": _plainly(_deputises),
    "deputy.end": _ends_deputy,
    "staff.edit": _staff,
    "passwords.switch": _switches,
}


def test_every_verb_is_driven() -> None:
    assert set(DEEDS) == set(RULES)


@pytest.mark.parametrize("verb", RULES)
def test_the_matrix_is_exact(verb: str, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each role alone: those of the rule do it, the others are refused and leave nothing behind."""
    quick(monkeypatch)
    session = make.session
    for role in ROLES:
        session.roles = frozenset(ROLES)
        deed = DEEDS[verb](make, tmp_path)
        before, session.roles = History.select().count(), frozenset({role})
        if role in RULES[verb].roles:
            deed()
            continue
        with pytest.raises(NotPermitted) as refused:
            deed()
        assert type(refused.value) is NotPermitted
        assert (role, History.select().count()) == (role, before)


@pytest.mark.parametrize("verb", [verb for verb, rule in RULES.items() if rule.grave])
def test_what_is_grave_wants_a_fresh_password(verb: str, make: Make, tmp_path: Path) -> None:
    deed = DEEDS[verb](make, tmp_path)
    make.session.open = False
    with pytest.raises(PasswordNeeded):
        deed()


ALL_STEPS = [(kind, step) for kind in sorted(STEPPED) for step in steps_of(kind)]


@pytest.mark.parametrize(("kind", "step"), ALL_STEPS, ids=[f"{kind}-{step.code}" for kind, step in ALL_STEPS])
def test_steps_are_for_their_roles_alone(kind: str, step: Step, session: Session) -> None:
    record = KINDS[kind](status=step.starts[0])
    bare = step._replace(missing=None, barred=None)
    for role in ROLES:
        session.roles = frozenset({role})
        stand = option(session, record, bare)
        assert (role, stand.forbidden, stand.possible) == (role, role not in step.roles, role in step.roles)


def test_a_step_of_another_role_is_not_taken(make: Make) -> None:
    case = make.complaint()
    for role in ROLES:
        make.session.roles = frozenset({role})
        if role not in next(step.roles for step in steps_of("complaint") if step.code == "sign"):
            with pytest.raises(NotPermitted):
                take(make.session, case, "sign")
    assert make.again(case).status == "draft"


def test_the_page_shows_the_matrix_as_it_is() -> None:
    assert written.PAGE.read_text(encoding="utf-8") == written.page(), "run: python -m scripts.permissions"
