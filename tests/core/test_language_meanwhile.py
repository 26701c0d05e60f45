"""Speaking another language for a while, on one thread alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from app.core import language
from app.core.language import _, chosen, speaking


def test_another_language_is_spoken_inside_and_the_chosen_one_afterwards() -> None:
    with speaking("zh_CN"):
        assert (_("Customer"), chosen()) == ("客户", "zh_CN")
        with speaking("en"):
            assert _("Customer") == "Customer"
        assert _("Customer") == "客户"
    assert (_("Customer"), chosen()) == ("Customer", "en")


def test_other_threads_go_on_in_the_chosen_one() -> None:
    with speaking("zh_CN"), ThreadPoolExecutor(1) as pool:
        assert pool.submit(_, "Customer").result() == "Customer"


def test_choosing_meanwhile_counts_afterwards() -> None:
    with speaking("zh_CN"):
        language.choose("en")
        assert _("Customer") == "客户"
    assert _("Customer") == "Customer"
