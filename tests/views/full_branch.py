"""A branch with a record of every sort, in words as long as real ones."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from app.models import attachments, numbering, unfinished
from app.models.actions import Action
from app.models.agreements import Agreement
from app.models.complaints import Complaint
from app.models.dispatches import Dispatch
from tests.make import Make

NAME = "云州市城东区福满家连锁超市有限责任公司解放路第二分店"
WORDS = "青峦连着三周订 10 条只给 2 条，隔壁老街口每周都有 6 条。我要货的时候你们总说没有，是不是看人下菜？" * 2


class Branch:
    """A branch with a record of every sort, and words as long as real ones."""

    def __init__(self, make: Make, tmp_path: Path) -> None:
        self.make, self.session, self.folder = make, make.session, tmp_path
        self.customer = self._customer()
        self.product = make.product(name="松鹤（细支）").number
        given = {"customer": self.customer, "description": WORDS}
        replied = ("reply", {"reply_text": WORDS})
        self.fresh = make.steps(make.complaint(**given, severity="urgent"), "sign").number
        self.proposed = self._proposed()
        self.objection = self._objection()
        self.replied = make.steps(make.approved(**given), replied, "agreement").number
        self.agreement = make.steps(Agreement.get(), "release").number
        make.steps(make.approved(**given), "agreement")
        self.draft = Agreement.get(Agreement.status == "draft").number
        self.rejected = make.steps(make.complaint(**given), "sign", ("reject", {"reason": WORDS, "turn_to": NAME})).number
        self._execute(make.steps(make.approved(**given), replied, ("waive", {"reason": "客户不要"})))
        self._cards()
        self.void = make.steps(make.complaint(**given), ("void", {"reason": WORDS})).number
        self.blank = numbering.reserve(self.session, "complaint")[0]
        self.entry = unfinished.keep(self.session, "complaint", f"{NAME} 漏气", {"description": WORDS})

    def _execute(self, record: Complaint) -> None:
        """Dispatched and accepted, with a corrective action."""
        self.executing = self.make.steps(record, ("dispatch", {"told_by": "phone"}), ("action", {"root_cause": WORDS})).number
        self.dispatch = self.make.steps(Dispatch.get(), "accept").number
        self.action = Action.get().number

    def _cards(self) -> None:
        """A published card with its evidence, and what fits what is typed."""
        self.evidence = self.make.evidence(title=f"{NAME}货源投放办法", text=WORDS, source=f"{NAME}〔2026〕12号").number
        lines = [{"evidence": self.evidence}]
        self.card = self.make.card("published", words=WORDS, answer=WORDS, evidence_lines=lines).number

    def _customer(self) -> str:
        contact = {"name": "欧阳周建国", "role": "店主，主要联系人", "phone": "138 0000 1234"}
        return self.make.customer(
            name=NAME,
            address="城东区解放路 118 号（菜场东门）",
            licence="330102104417",
            route="城东 3 线·周二送货",
            customer_manager="刘洋",
            type="retailer",
            tier="key",
            integrity="A",
            background=WORDS,
            contacts=[contact],
        ).number

    def _proposed(self) -> str:
        line = {"product": self.product, "batch": "20260914-B07", "quantity": "50", "defective_quantity": "6"}
        made = self.make.proposed(
            cost="12600.00",
            customer=self.customer,
            complainant="周建国",
            description=WORDS,
            wish=WORDS,
            severity="major",
            product_lines=[line | {"symptom": WORDS[:60]}],
            loss_lines=[{"item": "other", "amount": "150", "note": "停售两天及往返损失"}],
            **{"class": "product"},
        )
        photo = self.folder / f"批号照片-{NAME}.jpg"
        Image.new("RGB", (40, 30), "grey").save(photo)
        attachments.attach(self.session, made, photo)
        return str(made.number)

    def _objection(self) -> str:
        elements = {"what": WORDS, "wish": WORDS, "where": "门店", "who": "送货员 赵师傅"}
        made = self.make.objection(customer=self.customer, nature="genuine", **elements)
        return str(self.make.steps(made, ("promise", {"promised_at": "2026-11-23 17:00"})).number)
