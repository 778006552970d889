"""Whatever part of a name, a number or a phone is typed, it is among what is indexed; how it is typed does not matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.rules.pinyin import readings
from services.registry.rules.search import Plain, Term, TermTooShort, name_key, parts_of, read_term

NAMES = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=5)
NUMBERS = st.builds("43312419{:09d}{}".format, st.integers(0, 999_999_999), st.sampled_from("0123456789X"))
PHONES = st.integers(13_000_000_000, 19_999_999_999).map(str)
PEOPLE = st.builds(Plain, name=NAMES, number=NUMBERS, phones=st.lists(PHONES, max_size=2).map(tuple))


def finds(term: Term, one: Plain) -> bool:
    """As the database and whoever opens its answer judge."""
    parts = parts_of(one)
    indexed = bool(term.first & parts and term.second & parts) or term.number == one.number
    return indexed and term.is_met_by(one)


@given(PEOPLE, st.data())
def test_every_part_of_a_name_finds_it(one: Plain, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(one.name) - 1))
    end = data.draw(st.integers(start + 1, len(one.name)))
    assert finds(read_term(one.name[start:end]), one)


@given(PEOPLE, st.data())
def test_every_run_of_syllables_finds_it_and_so_do_the_initials(one: Plain, data: st.DataObject) -> None:
    said = [each[0] for each in readings(name_key(one.name))]
    if not said:
        return
    start = data.draw(st.integers(0, len(said) - 1))
    end = data.draw(st.integers(start + 1, min(start + 4, len(said))))
    assert finds(read_term(data.draw(st.sampled_from(["", " "])).join(said[start:end])), one)
    if end - start > 1:
        assert finds(read_term("".join(each[0] for each in said[start:end]).upper()), one)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("秦金玉", "jinyu"),
        ("秦金玉", "qinjinyu"),
        ("袁女", "nyu"),
        ("袁女", "nü"),
        ("袁女", "yuannv"),
        ("吕布", "lyubu"),
    ],
)
def test_what_is_written_alike_finds_both(name: str, typed: str) -> None:
    """nyu is nü, or the end of jin with yu behind it."""
    assert finds(read_term(typed), Plain(name=name, number="433124190000000000", phones=()))


@given(PEOPLE, st.integers(4, 18))
def test_every_end_of_a_number_or_a_phone_finds_it(one: Plain, length: int) -> None:
    assert finds(read_term(one.number[-length:].lower()), one)
    for phone in one.phones:
        assert finds(read_term(phone[-min(length, 11) :]), one)


@given(PEOPLE, PEOPLE)
def test_who_is_found_has_what_was_typed(one: Plain, other: Plain) -> None:
    for typed in (other.name, other.number[-4:], *(phone[-5:] for phone in other.phones)):
        term = read_term(typed)
        if finds(term, one):
            known = (one.number, *one.phones)
            assert any(each.endswith(term.text) for each in known) or name_key(typed) in name_key(one.name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("龍 老大", "龙老大"),
        ("ＳＨＩ lao　da", "石老大"),
        ("sld", "石老大"),
        ("阿不都热依木.买买提", "阿不都热依木·买买提"),
        ("shan xiongxin", "单雄信"),
        ("zengguang", "曾广"),
        ("lü bu", "吕布"),
        ("lyubu", "吕布"),
        ("lvbu", "吕布"),
        ("anna", "石Anna"),
    ],
)
def test_how_it_is_typed_does_not_matter(typed: str, name: str) -> None:
    assert finds(read_term(typed), Plain(name=name, number="433124198508170016", phones=()))


def test_an_old_number_is_the_one_of_eighteen_digits() -> None:
    term = read_term("433124850817001")
    assert term.number is not None
    assert term.number.startswith("43312419850817001")
    assert term.names_one


@pytest.mark.parametrize("typed", ["1", "016", "·", " "])
def test_a_term_that_would_find_too_many_is_refused_by_its_pointer(typed: str) -> None:
    with pytest.raises(TermTooShort) as refused:
        read_term(typed)
    assert refused.value.errors[0].pointer == "/q"


@pytest.mark.parametrize(("typed", "whole"), [("0016", False), ("15400000001", True), ("433124198508170016", True)])
def test_what_names_one_person_does_not_belong_into_an_address(typed: str, whole: bool) -> None:
    assert read_term(typed).names_one is whole
