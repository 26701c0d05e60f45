"""Customers and products of a register: found by what they are known by, made where nobody fits, never twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.core.database import database
from app.core.search_index import condition
from app.core.session import Session
from app.models import merges
from app.models.complaints import Complaint, LossLine, ProductLine
from app.models.customers import Contact, Customer
from app.models.products import Product
from app.models.record import find, values_of
from tests.make import Make
from tests.services.taking_in import HEAD, bring_in, counts, only


@pytest.mark.parametrize("written", ["KH-0001", "XK-99", "138 0000 1234", "鑫瑞达商行"])
def test_a_customer_is_found_by_number_licence_phone_or_name(session: Session, tmp_path: Path, make: Make, written: str) -> None:
    customer = make.customer(licence="XK-99")
    bring_in(session, tmp_path, f"投诉日期,客户,投诉内容\n2024-1-5,{written},x\n")
    assert only(Complaint).customer_id == customer.id
    assert Customer.select().count() == 1


def test_a_customer_is_found_by_the_phone_of_the_row(session: Session, tmp_path: Path, make: Make) -> None:
    customer = make.customer()
    bring_in(session, tmp_path, f"{HEAD}\n1,2024-1-5,鑫瑞达,+86 138-0000-1234,x,,\n2,2024-1-5,,１３８００００１２３４,y,,\n")
    assert {case.customer_id for case in Complaint.select()} == {customer.id}


def test_a_customer_is_found_by_the_phone_of_a_contact(session: Session, tmp_path: Path, make: Make) -> None:
    customer = make.customer(contacts=[{"name": "李四", "phone": "13900005678"}])
    bring_in(session, tmp_path, f"{HEAD}\n1,2024-1-5,李四的店,13900005678,x,,\n")
    assert only(Complaint).customer_id == customer.id


def test_a_name_whose_phone_contradicts_is_another_customer(session: Session, tmp_path: Path, make: Make) -> None:
    make.customer()
    bring_in(session, tmp_path, f"{HEAD}\n1,2024-1-5,鑫瑞达商行,13711112222,x,,\n")
    assert [customer.phone for customer in Customer.select().order_by(Customer.id)] == ["13800001234", "13711112222"]


def test_several_customers_of_a_name_reject_the_row_and_are_named(session: Session, tmp_path: Path, make: Make) -> None:
    one, other = make.customer(phone="13800001111"), make.customer(phone="13800002222")
    result = bring_in(session, tmp_path, f"{HEAD}\n1,2024-1-5,鑫瑞达商行,,x,,\n2,2024-1-5,鑫瑞达商行,13800002222,y,,\n")
    assert counts(result) == (2, 1, 0, 0, 1)
    rejected = result.rejected[0]
    assert (rejected.row, rejected.column, rejected.value) == (2, "客户名称", "鑫瑞达商行")
    assert one.number in rejected.reason
    assert other.number in rejected.reason
    assert only(Complaint).customer_id == other.id


def test_a_customer_made_by_one_row_is_found_by_the_next(session: Session, tmp_path: Path) -> None:
    lines = "".join(f"{number},2024-1-5,甲,13800001234,x,,\n" for number in range(2_500))
    assert counts(bring_in(session, tmp_path, f"{HEAD}\n{lines}")) == (2_500, 2_500, 0, 0, 0)
    assert {case.customer_id for case in Complaint.select()} == {only(Customer).id}


def test_customers_keep_their_number_and_ours_goes_on_after_it(session: Session, tmp_path: Path, make: Make) -> None:
    text = "客户编号,客户名称,联系电话,成立日期\nKH-0041,甲,010-12345678,19501229\nX9,乙,,\n,丙,,\n"
    assert counts(bring_in(session, tmp_path, text, "customers")) == (3, 3, 0, 0, 0)
    numbers = [customer.number for customer in Customer.select().order_by(Customer.id)]
    assert numbers == ["KH-0041", "X9", "KH-0042"]
    first = find(session, Customer, "KH-0041")
    assert (first.customer_since, first.initials, first.phone_digits) == (date(1950, 12, 29), "j", "01012345678")
    assert make.customer().number == "KH-0043"
    assert counts(bring_in(session, tmp_path, text, "customers")) == (3, 0, 0, 3, 0)


def test_a_known_customer_is_filled_up_by_number_or_licence(session: Session, tmp_path: Path, make: Make) -> None:
    customer = make.customer(licence="XK-1", address=None)
    result = bring_in(session, tmp_path, f"客户编号,客户名称,地址\n{customer.number},别名,城东路1号\n", "customers")
    assert counts(result) == (1, 0, 1, 0, 0)
    assert (make.again(customer).name, make.again(customer).address) == (customer.name, "城东路1号")
    result = bring_in(session, tmp_path, "许可证号,客户名称,片区\nXK-1,别名,城东\nXK-1,别名,城西\n", "customers")
    assert counts(result) == (2, 0, 1, 1, 0)
    assert make.again(customer).route == "城东"


def test_leading_zeros_and_contacts_come_in(session: Session, tmp_path: Path) -> None:
    toml = '[columns]\nlicence = "证"\nname = "名"\ncontact_name = "人"\ncontact_phone = "机"\n'
    bring_in(session, tmp_path, "证,名,人,机\n040032,甲,李四,13900005678\n", "customers", toml)
    assert only(Customer).licence == "040032"
    contact = only(Contact)
    assert (contact.name, contact.phone, contact.parent_id) == ("李四", "13900005678", only(Customer).id)


@pytest.mark.parametrize("written", ["KH-0002", "XK-99", "0571-5550118", "13700005520", "新瑞达超市"])
def test_what_a_merged_customer_was_known_by_means_its_survivor(
    session: Session, tmp_path: Path, make: Make, written: str
) -> None:
    keep = make.customer(licence="XK-1")
    contacts = [{"name": "周雨", "phone": "13700005520"}]
    other = make.customer(name="新瑞达超市", phone="0571-5550118", licence="XK-99", contacts=contacts)
    last = make.customer(name="总店", phone="0571-5550119")
    merges.merge(session, keep, other)
    merges.merge(session, last, make.again(keep))
    bring_in(session, tmp_path, f"投诉日期,客户,投诉内容\n2024-1-5,{written},x\n")
    assert only(Complaint).customer_id == last.id
    assert Customer.select().count() == 3


def test_a_register_of_customers_fills_up_the_survivor(session: Session, tmp_path: Path, make: Make) -> None:
    keep, other = make.customer(address=None), make.customer(name="新瑞达超市", phone="0571-5550118")
    merges.merge(session, keep, other)
    text = f"客户编号,客户名称,地址,价值等级\n{other.number},别名,城东路1号,关键\n"
    assert counts(bring_in(session, tmp_path, text, "customers")) == (1, 0, 1, 0, 0)
    assert (make.again(keep).address, make.again(keep).tier) == ("城东路1号", "key")
    assert (make.again(other).status, make.again(other).address) == ("merged", None)
    assert counts(bring_in(session, tmp_path, text, "customers")) == (1, 0, 0, 1, 0)


def test_a_customer_who_left_comes_in_as_one_who_left(session: Session, tmp_path: Path, make: Make) -> None:
    here = make.customer()
    toml = '[columns]\nnumber = "号"\nname = "名"\nlost_on = "失"\nended_on = "止"\n'
    text = f"号,名,失,止\n1,甲,2024-1-5,\n2,乙,,2024-1-6\n3,丙,,\n{here.number},丁,2024-1-7,\n"
    bring_in(session, tmp_path, text, "customers", toml)
    statuses = {one.name: one.status for one in Customer.select()}
    assert statuses == {"甲": "lost", "乙": "ended", "丙": "active", here.name: "lost"}


def test_products_and_losses_of_a_complaint_come_in(session: Session, tmp_path: Path, make: Make) -> None:
    known = make.product()
    toml = """
    [columns]
    received_at = "日"
    product = "品"
    batch = "批"
    quantity = "数"
    loss_parking = "停"
    loss_other = "他"
    """
    bring_in(session, tmp_path, "日,品,批,数,停,他\n2024-1-5,YL01,B7,2.5,10.50,3\n2024-1-5,新品,,,,\n", toml=toml)
    first, second = Complaint.select().order_by(Complaint.id)
    made = only(Product, name="新品")
    assert (first.product_id, second.product_id) == (known.id, made.id)
    values = values_of(session, first)
    assert values["product_lines"][0] | {"product": known.number, "batch": "B7"} == values["product_lines"][0]
    assert [(line["item"], str(line["amount"])) for line in values["loss_lines"]] == [("parking", "10.50"), ("other", "3.00")]
    assert (ProductLine.select().count(), LossLine.select().count()) == (2, 2)


def test_products_are_known_by_code(session: Session, tmp_path: Path, make: Make) -> None:
    known = make.product(brand=None)
    result = bring_in(session, tmp_path, "产品编码,产品名称,品牌\nYL01,别名,云岭\nYL02,云岭（软）,云岭\n", "products")
    assert counts(result) == (2, 1, 1, 0, 0)
    assert (make.again(known).name, make.again(known).brand) == (known.name, "云岭")


def test_a_case_is_found_by_the_pinyin_of_the_customer_it_brought(session: Session, tmp_path: Path) -> None:
    bring_in(session, tmp_path, f"{HEAD}\n1,2024-1-5,鑫瑞达商行,,x,,\n")
    case = only(Complaint)
    for typed in ("鑫瑞达", "xinruida", "xrdsh"):
        found = condition("complaint", typed)
        assert found is not None
        hits = database.execute_sql(f"SELECT found.rowid FROM {found.source} WHERE {found.sql}", found.parameters)
        assert hits.fetchall() == [(case.id,)]
