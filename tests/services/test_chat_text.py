"""What is recognised in texts copied from chats, and what is left alone."""

from __future__ import annotations

import pytest

from app.services import chat_text
from tests.make import Make

# The clock of the tests stands at 2026-11-23 15:00 in Shanghai.
WECHAT = """好邻居副食店 老赵  2026/11/22 14:05:33
你们送的云岭（硬）有三条发霉了，批号：20260914-B07
好邻居副食店 老赵  2026/11/22 14:06:10
我电话１３８０００００４１５，下午都在店里"""


def found(make: Make, words: str) -> dict[str, str]:
    return {one.code: one.value for one in chat_text.read(make.session, words).found}


def test_a_chat_from_wechat_tells_who_when_what_and_the_batch(make: Make) -> None:
    customer = make.customer(name="好邻居副食店", phone="13800000415")
    make.customer(name="老街口烟店", phone="13900001111")
    product = make.product()
    assert found(make, WECHAT) == {
        "phone": "13800000415",
        "moment": "2026-11-22 14:05",
        "product": product.number,
        "batch": "20260914-B07",
        "customer": customer.number,
        "channel": "wechat",
    }


def test_only_several_messages_are_surely_of_wechat(make: Make) -> None:
    assert found(make, "福来超市 陈姐  11-22 14:03\n少了两条\n王敏  11-22 14:05\n我马上查")["channel"] == "wechat"
    assert "channel" not in found(make, "福来超市 陈姐  11-22 14:03\n少了两条")
    assert "channel" not in found(make, "11-22 14:03 到 11-22 14:05 都没人接，加我微信")


def test_the_words_stay_as_they_came(make: Make) -> None:
    assert chat_text.read(make.session, f"  {WECHAT}\n").words == WECHAT


def test_of_several_phones_that_of_the_customer_is_meant(make: Make) -> None:
    customer = make.customer(name="好邻居副食店", phone="0871-6512 3456")
    said = "送货的刘师傅 13911112222 不接电话，打我座机0871-65123456"
    assert found(make, said) == {"phone": "0871-65123456", "customer": customer.number}


def test_phones_of_two_customers_name_neither(make: Make) -> None:
    make.customer(name="好邻居副食店", phone="13800000415")
    make.customer(name="老街口烟店", phone="13900001111")
    assert found(make, "13800000415 或 13900001111") == {"phone": "13800000415"}


def test_a_name_without_its_ending_tells_the_customer(make: Make) -> None:
    customer = make.customer(name="鑫瑞达商行")
    assert found(make, "我是鑫瑞达的老板") == {"customer": customer.number}


def test_of_names_within_each_other_the_longest_counts(make: Make) -> None:
    make.customer(name="新鑫瑞达商行")
    make.customer(name="鑫瑞达商行", phone="")
    make.product(name="云岭", code="YL00")
    longer = make.product(name="云岭（软）", code="YL02")
    said = found(make, "新鑫瑞达商行要云岭(软)")
    assert said == {"customer": "KH-0001", "product": longer.number}


def test_two_products_are_nobodys_guess(make: Make) -> None:
    make.product(name="云岭（硬）", code="YL01")
    make.product(name="青峦（软）", code="QL02")
    assert "product" not in found(make, "云岭（硬）和青峦（软）都没到")


def test_a_product_is_found_by_its_code(make: Make) -> None:
    product = make.product()
    assert found(make, "yl01两条少了") == {"product": product.number}
    assert found(make, "单号YL012233") == {}


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("昨天下午3点半送来的", "2026-11-22 15:30"),
        ("１１月２０日上午９点送的货", "2026-11-20 09:00"),
        ("2026年11月3号订的", "2026-11-03"),
        ("11-21 09:30 老板：货呢", "2026-11-21 09:30"),
        ("前天晚上8点20分", "2026-11-21 20:20"),
        ("昨天晚上12点", "2026-11-22"),
        ("今天中午1点", "2026-11-23 13:00"),
        ("生产日期2026年9月14日，昨天到的", "2026-11-22"),
    ],
)
def test_days_and_times_are_read_as_people_write_them(make: Make, said: str, moment: str) -> None:
    assert found(make, said) == {"moment": moment}


@pytest.mark.parametrize(
    "said",
    [
        "在吗？货什么时候到",
        "12月30日之前给答复",
        "2026年13月45日",
        "明天再说",
        "单号 138000004150001 查一下",
        "批号是多少我忘了",
        "批号A001、批号B002",
        "",
        "🙂🙂",
    ],
)
def test_nothing_is_guessed(make: Make, said: str) -> None:
    make.customer(name="好邻居副食店", phone="13800000415")
    make.product()
    assert found(make, said) == {}


def test_void_customers_are_not_named(make: Make) -> None:
    customer = make.customer(name="好邻居副食店", phone="13800000415")
    make.steps(customer, ("void", {"reason": "重复"}))
    assert found(make, "好邻居副食店 13800000415") == {"phone": "13800000415"}


def test_an_endless_text_is_cut(make: Make) -> None:
    assert len(chat_text.read(make.session, "好" * 30_000).words) == chat_text.LONGEST
