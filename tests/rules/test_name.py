"""Names in parts, for programs that want them so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.rules.contact import compose_name
from crmcli.rules.name import parts_of


def parts(name: str, **stored: str) -> tuple[str, str, str]:
    """Give given, middle and family name."""
    found = parts_of({"name": name, **stored})
    return found["given_name"], found["additional_name"], found["family_name"]


@pytest.mark.parametrize(
    ("name", "given", "family"),
    [
        ("Ana Novak", "Ana", "Novak"),
        ("Ana Marija Novak", "Ana Marija", "Novak"),
        ("Ana", "Ana", ""),
        ("علی رضایی", "علی", "رضایی"),
        ("Novak, Ana", "Novak,", "Ana"),
        ("王小明", "小明", "王"),
        ("王 小明", "小明", "王"),
        ("欧阳明", "明", "欧阳"),
        ("司馬", "馬", "司"),
        ("김철수", "철수", "김"),
        ("남궁민수", "민수", "남궁"),
        ("山田太郎", "太郎", "山田"),
        ("鈴木いちろう", "いちろう", "鈴木"),
        ("王", "王", ""),
        ("王 Wei", "王", "Wei"),
    ],
)
def test_a_name_is_split_where_its_script_does(name, given, family):
    assert parts(name) == (given, "", family)


def test_known_parts_are_used_while_the_name_is_made_of_them():
    known = {"given_name": "Ana Marija", "family_name": "de la Cruz"}
    assert parts("Ana Marija de la Cruz", **known) == ("Ana Marija", "", "de la Cruz")
    assert parts("Ana Kos", **known) == ("Ana", "", "Kos")
    whole = parts_of({"name": "Ana Kos, PhD", "prefix": "Dr.", "suffix": "PhD", **known})
    assert (whole["prefix"], whole["suffix"]) == ("Dr.", "")
    assert compose_name(whole) == "Ana Kos, PhD"


@given(st.text(st.characters(codec="utf-8"), min_size=1).map(lambda text: " ".join(text.split())))
def test_the_parts_make_the_name_again(name):
    if name:
        made = compose_name(parts_of({"name": name})) or ""
        assert made.replace(" ", "") == name.replace(" ", "")
