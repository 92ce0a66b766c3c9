"""What a filter that is being typed may go on with."""

import pytest

from crmcli.service.complete import Words, completed, words
from crmcli.store.view import save_view
from crmcli.text import mask_with

KNOWN = Words(
    "contact",
    {"tea": ("green", "black"), "size": ()},
    tags=("vip", "Fair 2025"),
    views=("hot",),
    owners=("me", "Eva Šubic"),
)


@pytest.mark.parametrize(
    ("typed", "missing", "whole"),
    [
        ("na", "me:", "name:"),
        ("last", "_touch:", "last_touch:"),
        ("LAST", "_touch:", "last_touch:"),
        ("last_touch.", "before:", "last_touch.before:"),
        ("org.ind", "ustry:", "org.industry:"),
        ("task.due.b", "efore:", "task.due.before:"),
        ("size.", "not:", "size.not:"),
        ("te", "a:", "tea:"),
        ("tea:", "green", "tea:green"),
        ("tea:b", "lack", "tea:black"),
        ("stage:l", "ead", "stage:lead"),
        ("stage:lead,cu", "stomer", "stage:lead,customer"),
        ("ana (stage:c", "ustomer", "ana (stage:customer"),
        ("do_not_contact:", "yes", "do_not_contact:yes"),
        ("created.after:ye", "sterday", "created.after:yesterday"),
        ("owner:m", "e", "owner:me"),
        ("owner:e", "va Šubic", 'owner:"Eva Šubic"'),
        ('owner:"e', "va Šubic", 'owner:"Eva Šubic"'),
        ("ana +v", "ip", "ana +vip"),
        ("+f", "air 2025", '+"Fair 2025"'),
        ("@", "hot", "@hot"),
    ],
)
def test_the_last_term_goes_on(typed, missing, whole):
    assert completed(KNOWN, typed) == (missing, whole)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "ana ",
        '"na',
        "+vip",
        "stage:lead",
        "foo.b",
        "org.foo.b",
        "name.before.x",
        "+x",
        '+"vip" ',
    ],
)
def test_nothing_is_suggested(typed):
    assert completed(KNOWN, typed) == ("", "")


def test_words_are_those_of_the_database(crm, run):
    run("contact", "add", "Ana", "-t", "vip", "--owner", "Eva Šubic")
    run("field", "add", "tea", "choice", "--choice", "green", "--choice", "black")
    crm.write("view", lambda w: save_view(w, "hot", "contact", "+vip", "", ""))
    crm.write("view", lambda w: save_view(w, "late", "task", "due:today", "", ""))
    found = words(crm, "contact")
    assert (list(found.tags), found.views, dict(found.own)) == (
        ["vip"],
        ["hot"],
        {"tea": ("green", "black")},
    )
    assert "Eva Šubic" in found.owners
    assert words(crm, "task").views == ["late"]


def test_owners_are_not_told_while_names_are_masked(crm, run):
    run("contact", "add", "Ana", "--owner", "Eva Šubic")
    try:
        mask_with(crm.masker())
        assert not words(crm, "contact").owners
    finally:
        mask_with(None)
