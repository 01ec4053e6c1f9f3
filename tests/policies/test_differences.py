"""What changed between two versions: nothing is lost, nothing is invented, and it reads as phrases."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import config
from imgpilot.policies import differences, texts, versions
from imgpilot.policies.differences import Mark, Run

WORDS = st.lists(st.sampled_from(["a ", "b", "cc ", ", ", "图", "片", "。", "Ä"]), max_size=30).map("".join)


def of(runs: tuple[Run, ...], *marks: Mark) -> str:
    """The text of these marks."""
    return "".join(run.text for run in runs if run.mark in marks)


def before(runs: tuple[Run, ...]) -> str:
    return of(runs, Mark.SAME, Mark.REMOVED)


def after(runs: tuple[Run, ...]) -> str:
    return of(runs, Mark.SAME, Mark.ADDED)


@given(WORDS, WORDS)
def test_what_stayed_and_was_removed_is_the_old_text_and_what_stayed_and_was_added_the_new(old: str, new: str) -> None:
    runs = differences.words(old, new)
    assert (before(runs), after(runs)) == (old, new)
    assert all(run.text for run in runs)


def test_a_change_reads_as_a_phrase() -> None:
    runs = differences.words("We keep it for ten days, then it goes.", "We keep it for two weeks, then it goes.")
    assert [(run.mark, run.text) for run in runs] == [
        (Mark.SAME, "We keep it for "),
        (Mark.REMOVED, "ten days"),
        (Mark.ADDED, "two weeks"),
        (Mark.SAME, ", then it goes."),
    ]


def test_chinese_is_compared_by_characters() -> None:
    runs = differences.words("账号只需要邮箱。", "账号只需要电子邮箱。")
    assert of(runs, Mark.ADDED) == "电子"
    assert of(runs, Mark.REMOVED) == ""


@pytest.mark.parametrize("language", list(config.LANGUAGES))
def test_p21_the_difference_of_any_two_versions_holds_every_word_of_both(language: str) -> None:
    for old, new in pairwise(versions.every()):
        was, now = old.text(language), new.text(language)
        found = differences.between(was, now)
        changed = {one.key for one in found.clauses}
        assert len(changed) + found.same == len({one.key for one in (*was.clauses, *now.clauses)})
        for one in found.clauses:
            for said, text in ((before, was.clause(one.key)), (after, now.clause(one.key))):
                paragraphs = [paragraph.plain for paragraph in text.paragraphs] if text else []
                assert [said(runs) for runs in one.paragraphs if said(runs)] == paragraphs
        for clause in was.clauses:
            assert clause.key in changed or now.clause(clause.key) == clause


def test_a_paragraph_that_is_another_one_is_not_mixed_with_the_one_it_replaces() -> None:
    was = texts.read("# T\n\n## p01: A\n\nOne stays.\n\nPears and plums lie on a plate.\n")
    now = texts.read("# T\n\n## p01: A\n\nOne stays.\n\nWe answer within a month.\n\nOne more.\n")
    ((clause),) = differences.between(was, now).clauses
    assert [[run.mark for run in runs] for runs in clause.paragraphs] == [
        [Mark.SAME],
        [Mark.REMOVED],
        [Mark.ADDED],
        [Mark.ADDED],
    ]


def test_a_clause_comes_goes_and_changes_its_state() -> None:
    was = texts.read("# T\n\n## p01: A\n\nText.\n\n## p02, not yet: B\n\nText.\n")
    now = texts.read("# T\n\n## p02: B\n\nText.\n\n## p03: C\n\nText.\n")
    found = differences.between(was, now)
    assert [(one.key, one.mark, one.states) for one in found.clauses] == [
        ("p01", Mark.REMOVED, ("", None)),
        ("p02", Mark.CHANGED, ("not yet", "")),
        ("p03", Mark.ADDED, (None, "")),
    ]
    assert differences.between(was, was).clauses == ()
