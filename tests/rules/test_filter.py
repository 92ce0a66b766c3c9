"""The filter grammar: what parses to which tree, what is refused where, and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.errors import UsageError
from crmcli.rules.filter import (
    DEEPEST,
    LONGEST,
    MOST,
    Absent,
    And,
    Field,
    FilterError,
    Not,
    Or,
    Present,
    Range,
    Tag,
    Value,
    View,
    Words,
    both,
    format,
    leaves,
    parse,
    parse_words,
)


def field(path, *values, op=":"):
    return Field(path, op, tuple(Value(v) if isinstance(v, str) else v for v in values))


A, B, C = Tag("a"), Tag("b"), Tag("c")
TREES = [
    # terms
    ("+vip", Tag("vip")),
    ('+"big spender"', Tag("big spender")),
    ("@hot", View("hot")),
    ('@"hot leads"', View("hot leads")),
    ("novak", Words("novak")),
    ("o'brien", Words("o'brien")),
    ("ana@acme.si", Words("ana@acme.si")),
    ("15:30", Words("15:30")),
    ("²:0", Words("²:0")),
    ("Čopič", Words("Čopič")),
    ('"met at fair"', Words("met at fair")),
    (r'"a \"quote\" and \\"', Words('a "quote" and \\')),
    ('"or"', Words("or")),
    ('"owner:me"', Words("owner:me")),
    # fields
    ("owner:me", field("owner", "me")),
    ("Owner:Me", field("owner", "Me")),
    ("last-touch:today", field("last_touch", "today")),
    ("org.industry:retail", field("org.industry", "retail")),
    ("org.custom.vat:1", field("org.custom.vat", "1")),
    ("чай:зелёный", field("чаи", "зелёный")),
    ("stage:new,proposal", field("stage", "new", "proposal")),
    ("stage:new,none", field("stage", "new", Absent())),
    ("city:none", field("city", Absent())),
    ("city:ANY", field("city", Present())),
    ('city:"none"', field("city", "none")),
    ('name:"Ana, Bo"', field("name", "Ana, Bo")),
    ('name:"Ana, Bo",Eva', field("name", "Ana, Bo", "Eva")),
    ('name:O"Brien', field("name", 'O"Brien')),
    ("url:https://acme.si/a?b=c", field("url", "https://acme.si/a?b=c")),
    ("at:15:30", field("at", "15:30")),
    ("name=ana", field("name", "ana", op="=")),
    ("due:mon..fri", field("due", Range("mon", "fri"))),
    ("due:..fri", field("due", Range("", "fri"))),
    ("due:mon..", field("due", Range("mon", ""))),
    ('due:"next mon".."next fri"', field("due", Range("next mon", "next fri"))),
    ("n:1..2,5", field("n", Range("1", "2"), "5")),
    ("amount<5", field("amount", "5", op="<")),
    ("amount<=5", field("amount", "5", op="<=")),
    ("amount>=1,5", field("amount", "1,5", op=">=")),
    ("due<none", field("due", "none", op="<")),
    ("due.before:today", field("due", "today", op="before")),
    ("task.due.after:-30d", field("task.due", "-30d", op="after")),
    ("amount.over:1..5", field("amount", "1..5", op="over")),
    ("amount.under:9k", field("amount", "9k", op="under")),
    ("city.not:Kranj", Not(field("city", "Kranj"))),
    ("before:x", field("before", "x")),
    # how they are joined
    ("+a +b", And((A, B))),
    ("+a and +b", And((A, B))),
    ("+a or +b", Or((A, B))),
    ("+a OR +b", Or((A, B))),
    ("+a or +b +c", Or((A, And((B, C))))),
    ("(+a or +b) +c", And((Or((A, B)), C))),
    ("+c(+a or +b)", And((C, Or((A, B))))),
    ("not +a +b", And((Not(A), B))),
    ("not (+a +b)", Not(And((A, B)))),
    ("not not +a", Not(Not(A))),
    ("+a or not +b", Or((A, Not(B)))),
    ("((+a))", A),
    ("  +a \n\t+b ", And((A, B))),
    ("(name:x)", field("name", "x")),
]


@pytest.mark.parametrize(("text", "tree"), TREES)
def test_parse(text, tree):
    assert parse(text) == tree
    assert parse(format(tree)) == tree


@pytest.mark.parametrize(
    ("words", "tree"),
    [
        (["org:Acme Ltd"], field("org", "Acme Ltd")),
        (["org:Acme Ltd", "+vip"], And((field("org", "Acme Ltd"), Tag("vip")))),
        (['org:"Acme Ltd"'], field("org", "Acme Ltd")),
        (["name:Bo (x)"], field("name", "Bo (x)")),
        (["due:mon .. fri"], field("due", Range("mon", "fri"))),
        (["stage:new, proposal"], field("stage", "new", "proposal")),
        (["+big spender"], Tag("big spender")),
        (["@hot leads"], View("hot leads")),
        (["met at fair"], Words("met at fair")),
        (["not +a"], Words("not +a")),
        (["+a", "or", "+b"], Or((A, B))),
        (["not", "+a"], Not(A)),
        (["(+a or +b)", "+c"], And((Or((A, B)), C))),
        (["(", "+a", "or", "+b", ")"], Or((A, B))),
        (["(+a", "or", "name:Bo Li)"], Or((A, field("name", "Bo Li")))),
        (["not", "(+a or", "+b)"], None),
        (["name:Bo)"], field("name", "Bo)")),
    ],
)
def test_each_shell_argument_is_one_term(words, tree):
    if tree is None:
        tree = Not(Or((A, B)))
    assert parse_words(words) == tree


REFUSED = [
    ("", "the filter is empty", ""),
    ("  ", "the filter is empty", "  ^"),
    ("(", "missing after (", " ^"),
    (")", "missing after the beginning", "^"),
    ("+a)", "closes nothing", "  ^"),
    ("(+a", "not closed", "^"),
    ("+a or", "missing after or", "     ^"),
    ("or +a", "missing after the beginning", "^^"),
    ("not", "missing after not", "   ^"),
    ("+a and or +b", "missing after and", "       ^^"),
    ("()", "missing after (", " ^"),
    ("name:", "a value is missing", "^^^^^"),
    ("+a name:x,", "a value is missing", "   ^^^^^^^"),
    ("name:..", "a value is missing", "^^^^^^^"),
    ('name:""', "a value is missing", "^^^^^^^"),
    ("+", "a tag is missing", "^"),
    ("@", "a view is missing", "^"),
    ('""', "a term is missing", "^^"),
    ('a "b', "not closed", "  ^"),
    ('"a\\', "not closed", "^"),
    ('"a"b', "nothing may follow a quote", "^^^"),
    ('n:"a"b', "nothing may follow a quote", "^^^^^"),
    ("-vip", "cannot begin with -", "^"),
    ("due.before<3", "needs a colon", "^^^^^^^^^^"),
    ("王王 +a)", "closes nothing", "       ^"),
]


@pytest.mark.parametrize(("text", "message", "carets"), REFUSED)
def test_what_is_no_filter_is_refused_with_its_place(text, message, carets):
    with pytest.raises(FilterError, match=message.replace("(", r"\(")) as caught:
        parse(text)
    error = caught.value
    assert isinstance(error, UsageError)
    assert error.detail.splitlines() == ([text, carets] if text else [])


def test_an_empty_argument_is_refused():
    with pytest.raises(FilterError, match="empty"):
        parse_words(["+vip", ""])


def test_a_control_character_is_shown_in_the_place():
    with pytest.raises(FilterError) as caught:
        parse("\x1b[31m )")
    assert "\x1b" not in caught.value.detail
    assert caught.value.detail.splitlines()[1] == "      ^"


def test_a_long_source_is_shown_around_the_place():
    with pytest.raises(FilterError) as caught:
        parse("word " * 100 + ") " + "word " * 100)
    shown, carets = caught.value.detail.splitlines()
    assert len(shown) <= 60
    assert shown[carets.index("^")] == ")"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(" * 9_000, "nested too deeply"),
        ("not " * 2_000, "nested too deeply"),
        ("(" * (DEEPEST + 1) + "+a" + ")" * (DEEPEST + 1), "nested too deeply"),
        ("+a " * (MOST + 1), "more than 400 terms"),
        ("n:" + ",".join("1" * (MOST + 1)), "more than 400 terms"),
        ("x" * (LONGEST + 1), "longer than"),
        ("(" * 1_000_000, "longer than"),
    ],
)
def test_size_and_depth_are_limited(text, message):
    with pytest.raises(FilterError, match=message):
        parse(text)


def test_what_is_just_small_enough_is_taken():
    assert parse("(" * DEEPEST + "+a" + ")" * DEEPEST) == A
    assert len(list(leaves(parse("+a " * MOST)))) == MOST


def test_leaves_know_their_place():
    text = "owner:me (city.not:Kranj,Celje or +vip)"
    for leaf in leaves(parse(text)):
        shown = text[leaf.at.start : leaf.at.end]
        assert shown == (f"+{leaf.name}" if isinstance(leaf, Tag) else leaf.path)
    values = [v for leaf in leaves(parse(text)) if isinstance(leaf, Field) for v in leaf.values]
    assert [text[v.at.start : v.at.end] for v in values] == ["me", "Kranj", "Celje"]


def test_both():
    assert both(None) is None
    assert both(None, A) == A
    assert both(A, None, B) == And((A, B))


@given(st.text(max_size=60) | st.text(alphabet='+@():"\\,.<>=-ab or not', max_size=60))
def test_no_text_crashes_the_parser(text):
    for read in (parse, lambda text: parse_words(text.split("|"))):
        try:
            tree = read(text)
        except FilterError as error:
            place = error.at
        else:
            place = next(leaves(tree)).at
            assert parse(format(tree)) == tree
        assert 0 <= place.start <= place.end <= len(text) + 1


texts = st.text(min_size=1, max_size=8) | st.sampled_from(
    ["or", "not", "none", "any", "a..b", ".", "a,b", 'q"', "\\", "a:b", "+x", "-", "(", " "]
)
shown = texts.filter(str.strip)
paths = st.from_regex(r"[a-z][a-z0-9_]{0,5}(\.[a-z]{1,3}){0,2}", fullmatch=True).filter(
    lambda path: path.rpartition(".")[2] not in ("not", "before", "after", "over", "under")
)
ranges = st.tuples(st.just("") | texts, st.just("") | texts).filter(any)
operands = (
    texts.map(Value)
    | ranges.map(lambda ends: Range(*ends))
    | st.just(Absent())
    | st.just(Present())
)
fields = st.builds(
    Field, paths, st.sampled_from([":", "="]), st.lists(operands, min_size=1, max_size=3).map(tuple)
) | st.builds(
    Field,
    paths,
    st.sampled_from(["<", "<=", ">", ">=", "before", "after", "over", "under"]),
    texts.map(lambda text: (Value(text),)),
)
terms = fields | shown.map(Tag) | shown.map(View) | texts.map(Words)
trees = st.recursive(
    terms,
    lambda nodes: (
        nodes.map(Not)
        | st.lists(nodes, min_size=2, max_size=3).map(lambda some: And(tuple(some)))
        | st.lists(nodes, min_size=2, max_size=3).map(lambda some: Or(tuple(some)))
    ),
    max_leaves=12,
)


@given(trees)
def test_every_tree_is_written_so_that_it_reads_the_same(tree):
    assert parse(format(tree)) == tree
