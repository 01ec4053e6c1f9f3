"""Pictures that we do not make: what our rules refuse, and what they leave alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from imgpilot.safety.rules import INTIMATE, MINORS, against
from tests.safety.phrasings import ALLOWED
from tests.safety.phrasings import INTIMATE as OF_SOMEBODY
from tests.safety.phrasings import MINORS as OF_MINORS
from tests.safety.test_found import INNOCENT


def test_sexual_pictures_of_minors_are_refused() -> None:
    assert [prompt for prompt in OF_MINORS if against(prompt) != MINORS] == []


def test_intimate_pictures_of_people_who_were_not_asked_are_refused() -> None:
    assert [prompt for prompt in OF_SOMEBODY if against(prompt) != INTIMATE] == []


def test_what_is_fine_is_not_refused() -> None:
    assert [prompt for prompt in (*ALLOWED, *INNOCENT) if against(prompt) is not None] == []


def test_the_tables_are_long_enough_to_mean_something() -> None:
    assert len(set(ALLOWED)) >= 60
    assert len(set(OF_MINORS) | set(OF_SOMEBODY)) >= 60


@pytest.mark.parametrize("prompt", ["make it nude", "the same, topless", "without any clothes", "全裸"])
def test_with_a_picture_of_somebody_fewer_words_are_enough(prompt: str) -> None:
    assert against(prompt) is None
    assert against(prompt, reference=True) == INTIMATE


@pytest.mark.parametrize("prompt", ["turn it into a marble nude statue", "nude lipstick shade", "a knight", "裸色口红"])
def test_a_reference_alone_refuses_nothing(prompt: str) -> None:
    assert against(prompt, reference=True) is None


@given(some.text(max_size=300))
def test_no_text_breaks_the_rules(text: str) -> None:
    against(text)


@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "naked ",
        "child naked ",
        "Aa Aa ",
        "n u d e ",
        "1",
        "a1",
        "take off all ",
        "裸",
        "make her a ",
        "Nude of ",
        "@",
    ],
)
def test_no_text_takes_long_to_judge(unit: str) -> None:
    text = (unit * 2000)[:2000]
    began = time.process_time()
    against(text, reference=True)
    assert time.process_time() - began < 0.5
