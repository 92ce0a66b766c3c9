"""`crm field`, and typed values wherever they are written and read."""

import csv
import io
import json

import pytest

EVIL = "\x1b[31m[bold]کتاب\u202e"


@pytest.fixture
def euro(monkeypatch):
    monkeypatch.setenv("CRM_CURRENCY", "EUR")


@pytest.fixture
def fields(run, euro):
    """One field of every type, for contacts."""
    for key, type_ in [
        ("motto", "text"),
        ("rating", "number"),
        ("budget", "money"),
        ("met", "date"),
        ("paid", "bool"),
        ("site", "url"),
    ]:
        run("field", "add", key, type_)
    run("field", "add", "size", "choice", "--choice", "S", "--choice", "L")
    run("field", "add", "langs", "multi", "--choice", "sl", "--choice", "en", "--choice", "fa")


TYPED = {
    "motto": "[bold]کتاب",
    "rating": 2.5,
    "budget": {"amount": "9000.00", "currency": "EUR"},
    "met": "2026-11-20",
    "paid": False,
    "site": "https://acme.si",
    "size": "L",
    "langs": ["sl", "fa"],
}
SETS = [
    *(
        "--set",
        "motto=[bold]کتاب",
        "--set",
        "Rating=2,5",
        "--set",
        "budget=9k",
        "--set",
        "met=last fri",
    ),
    *("--set", "paid=no", "--set", "site=acme.si", "--set", "size=l", "--set", "langs=fa, SL"),
]


def custom(run, ref="c1"):
    return run("show", ref, "--json").json["custom"]


def rows(run, *args):
    return [line.split("\t") for line in run("field", *args).lines]


def test_a_field_is_added_listed_and_undone(run):
    result = run("field", "add", "org.budget", "money", "--title", "Yearly budget", "--unique")
    assert result.out == "org.budget\n"
    assert "Defined org.budget: money, unique" in result.err
    assert rows(run) == [
        ["org.budget", "money", "Yearly budget", "", "no", "yes", "", "0", "0"],
    ]
    assert rows(run, "list", "--of", "contacts") == []
    assert run("field", "-f", "ids").out == "org.budget\n"
    run("undo")
    assert run("field").out == ""


def test_add_takes_every_option(run):
    got = run(
        *("field", "add", "Shirt Size", "choice", "--of", "org", "--choice", "S", "--choice", "M"),
        *("--required", "--default", "m", "--title", "Size", "--json"),
    ).json
    assert got == {
        "id": "org.shirt_size",
        "noun": "org",
        "key": "shirt_size",
        "title": "Size",
        "type": "choice",
        "choices": ["S", "M"],
        "required": True,
        "unique": False,
        "default": "M",
        "values": 0,
        "unfit": 0,
    }


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["budget", "mony"], 2, "did you mean money?"),
        (["task.budget", "money"], 2, "one of contact, org"),
        (["org.budget", "money", "--of", "contact"], 2, "is not --of"),
        (["name", "text"], 3, "already"),
        (["stage", "text"], 3, "already"),
        (["!", "text"], 3, "not a field name"),
        (["size", "choice"], 2, "needs choices"),
        (["size", "choice", "--choice", "a;b"], 2, "not a choice"),
        (["size", "choice", "--choice", "a", "--choice", "A"], 2, "there already"),
        (["size", "choice", "--choice", "a", "--default", "b"], 2, "--default: size"),
        (["size", "bool", "--unique"], 2, "cannot be unique"),
        (["code", "text", "--unique", "--default", "x"], 2, "no default"),
        (["budget", "money", "--default", "9k"], 2, "no currency"),
    ],
)
def test_add_refuses(run, refused, args, code, said):
    assert said in refused("field", "add", *args, code=code)
    assert run("field").out == ""


def test_a_field_is_defined_once(run, refused):
    run("field", "add", "tea", "text")
    assert "crm field edit tea" in refused("field", "add", "tea", "text", code=4)
    run("field", "add", "org.tea", "text")
    assert "contact.tea and org.tea" in refused("field", "rm", "tea", code=4)
    assert "did you mean tea?" in refused("field", "rm", "teas", code=1)


def test_values_that_do_not_fit_are_listed_and_nothing_is_changed(run, euro):
    run("contact", "add", f"Ana {EVIL}", "--set", f"budget={EVIL}", "--set", "tea=green")
    run("contact", "add", "Bo", "--set", "budget=9k")
    result = run("field", "add", "budget", "money", code=3)
    assert result.out == ""
    assert "c1 Ana [31m[bold]کتاب: " in result.err
    assert "not an amount" in result.err
    assert "1 value of budget does not fit money" in result.err
    assert "\x1b" not in result.err
    assert "--skip-bad" in result.err
    assert run("field").out == ""
    assert custom(run, "c2") == {"budget": "9k"}


def test_skip_bad_leaves_them_as_text_and_check_lists_them(run, euro):
    run("contact", "add", "Ana", "--set", "budget=green")
    run("contact", "add", "Bo", "--set", "budget=9k")
    result = run("field", "add", "budget", "money", "--skip-bad", "--dry-run")
    assert "Would define contact.budget: money" in result.err
    assert result.out == run("field").out == ""
    result = run("field", "add", "budget", "money", "--skip-bad")
    assert "1 value read as money" in result.err
    assert "1 value left as text" in result.err
    assert custom(run, "c1") == {"budget": "green"}
    assert custom(run, "c2") == {"budget": {"amount": "9000.00", "currency": "EUR"}}
    assert rows(run)[0][-2:] == ["2", "1"]
    assert rows(run, "check") == [
        ["c1", "Ana", "contact.budget", "green", "not an amount: 'green'"],
    ]
    assert run("field", "check", "budget", "--json").json[0]["reason"]
    run("undo")
    assert custom(run, "c2") == {"budget": "9k"}


def test_every_type_is_set_shown_and_given_as_json(run, fields):
    got = run("contact", "add", "Ana", *SETS, "--json").json["custom"]
    assert got == TYPED
    assert run("show", "c1").out.count("custom.") == len(TYPED)
    assert "custom.budget\t9000.00 EUR\n" in run("show", "c1").out
    assert run("show", "c1", "--fields", "budget,langs,paid").out == "9000.00 EUR\tsl; fa\tno\n"
    assert run("show", "c1", "--fields", "nope", code=2).out == ""


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("budget=much", "budget: not an amount"),
        ("budget=1.234", "two readings"),
        ("size=XL", "one of S, L"),
        ("langs=de", "not a choice"),
        ("paid=perhaps", "neither yes nor no"),
        ("met=someday", "met: not a date"),
        ("rating=1,234", "two readings"),
        ("site=x", "not a web address"),
    ],
)
def test_what_does_not_fit_is_refused_by_add_edit_and_input(run, refused, fields, setting, said):
    run("contact", "add", "Ana")
    assert said in refused("contact", "add", "Bo", "--set", setting, code=3)
    assert said in refused("contact", "edit", "c1", "--set", setting, code=3)
    key, _, value = setting.partition("=")
    record = json.dumps({"name": "Bo", "custom": {key: value}})
    assert said in refused("contact", "add", "--input", "-", input=record, code=3)
    assert custom(run) == {}


def test_input_takes_what_json_gives(run, fields):
    record = json.dumps({"name": "Bo", "custom": TYPED})
    assert run("contact", "add", "--input", "-", "--json", input=record).json["custom"] == TYPED


def test_an_edit_sets_and_empties(run, fields):
    run("contact", "add", "Ana", *SETS)
    run("contact", "edit", "c1", "--set", "budget=JPY 500", "--set", "langs=", "--set", "paid=y")
    got = custom(run)
    assert got["budget"] == {"amount": "500", "currency": "JPY"}
    assert got["paid"] is True
    assert "langs" not in got
    run("undo")
    assert custom(run) == TYPED


def test_own_fields_are_columns_of_lists_by_name(run, fields):
    run("contact", "add", "Ana", *SETS)
    run("contact", "add", "Bo")
    out = run("contact", "list", "--fields", "name,budget,custom.size").out
    assert out == "Ana\t9000.00 EUR\tL\nBo\t\t\n"
    got = run("contact", "list", "--fields", "name,budget", "--json").json
    assert got == [
        {"name": "Ana", "budget": TYPED["budget"]},
        {"name": "Bo", "budget": None},
    ]
    run("field", "edit", "budget", "--title", "Yearly budget")
    out = run("contact", "list", "--fields", "name,budget", "-f", "table").out
    assert out.splitlines()[0].split("  ")[-1].strip() == "Yearly budget"
    assert run("contact", "list", "--fields", "bugdet", code=2).out == ""


def test_the_card_shows_titles_in_the_order_of_definition(run, fields):
    run("contact", "add", "Ana", *SETS, "--set", "zebra=1")
    run("field", "edit", "rating", "--title", EVIL)
    out = run("show", "c1", "-f", "table").out
    assert "\x1b" not in out
    lines = [line.strip() for line in out.splitlines()]
    places = [
        next(at for at, line in enumerate(lines) if line.startswith(title))
        for title in ("motto", "[31m[bold]کتاب", "budget", "langs", "zebra")
    ]
    assert places == sorted(places)
    assert "9000.00 EUR" in out


def test_required_is_asked_for_by_add_and_held_by_edit(run, refused):
    run("org", "add", "Old")
    run("field", "add", "org.vat", "text", "--required")
    assert "--set vat=" in refused("org", "add", "Acme", code=3)
    run("org", "add", "Acme", "--set", "vat=SI1")
    assert "vat is required" in refused("org", "edit", "o2", "--set", "vat=", code=3)
    run("org", "edit", "o1", "--note", "it need not be filled at once")
    assert rows(run, "check")[0][4] == "required, but empty"
    run("field", "edit", "vat", "--optional")
    run("org", "edit", "o2", "--set", "vat=")
    assert rows(run, "check") == []


def test_unique_names_who_has_it(run, refused):
    run("field", "add", "code", "text", "--unique")
    run("contact", "add", "Ana", "--set", "code=A1")
    assert "c1 has 'a1' already" in refused("contact", "add", "Bo", "--set", "code=a1", code=4)
    run("contact", "add", "Bo")
    assert "c1" in refused("contact", "edit", "c2", "--set", "code=A1", code=4)
    assert "must be unique" in refused("contact", "edit", "c1", "c2", "--set", "code=x", code=4)
    run("field", "edit", "code", "--not-unique")
    run("contact", "edit", "c2", "--set", "code=A1")
    assert "c1 and c2" in refused("field", "edit", "code", "--unique", code=4)


def test_a_default_is_filled_on_add_only(run):
    run("contact", "add", "Old")
    run("field", "add", "size", "choice", "--choice", "S", "--choice", "M", "--default", "s")
    run("contact", "add", "New")
    run("contact", "edit", "c1", "--note", "x")
    assert (custom(run, "c1"), custom(run, "c2")) == ({}, {"size": "S"})
    run("field", "edit", "size", "--default", "M")
    run("contact", "add", "Newer")
    run("field", "edit", "size", "--default", "")
    run("contact", "add", "Newest")
    assert (custom(run, "c3"), custom(run, "c4")) == ({"size": "M"}, {})


def test_edit_changes_type_and_choices_and_refuses_what_would_not_fit(run, refused, euro):
    run("field", "add", "size", "choice", "--choice", "S", "--choice", "M")
    run("contact", "add", "Ana", "--set", "size=S")
    result = run("field", "edit", "size", "--drop-choice", "s", code=3)
    assert "c1 Ana: 'S'" in result.err
    assert "no choice of size" in refused("field", "edit", "size", "--drop-choice", "XS", code=2)
    run("field", "edit", "size", "--type", "multi", "--add-choice", "L", "--drop-choice", "M")
    assert rows(run)[0][1:4] == ["multi", "size", "S; L"]
    assert custom(run) == {"size": ["S"]}
    run("field", "edit", "size", "--type", "money", "--skip-bad")
    assert custom(run) == {"size": "S"}
    assert rows(run)[0][1:4] == ["money", "size", ""]
    assert "exclude" in refused("field", "edit", "size", "--required", "--optional", code=2)
    run("undo")
    assert custom(run) == {"size": ["S"]}


def test_edit_renames_the_key_and_values_move(run, refused):
    run("field", "add", "tea", "text")
    run("contact", "add", "Ana", "--set", "tea=green", "--set", "dog=Rex")
    assert "in use" in refused("field", "edit", "tea", "--key", "dog", code=4)
    assert "already" in refused("field", "edit", "tea", "--key", "note", code=3)
    assert run("field", "edit", "tea", "--key", "Hot Drink", "--dry-run").out == ""
    assert run("field", "edit", "tea", "--key", "Hot Drink", "--json").json["key"] == "hot_drink"
    assert custom(run) == {"hot_drink": "green", "dog": "Rex"}
    run("undo")
    assert custom(run) == {"tea": "green", "dog": "Rex"}
    assert "Unchanged" in run("field", "edit", "tea", "--title", "tea").err


def test_rm_leaves_texts_unless_told_otherwise(run, fields):
    run("contact", "add", "Ana", *SETS)
    result = run("field", "rm", "budget", "--dry-run")
    assert "Would remove contact.budget; 1 value kept as text" in result.err
    result = run("field", "rm", "budget")
    assert result.out == "contact.budget\n"
    run("field", "rm", "langs", "--drop-values", "--json")
    got = custom(run)
    assert got["budget"] == "9000.00 EUR"
    assert "langs" not in got
    run("undo")
    run("undo")
    assert custom(run) == TYPED


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_export_imports_again_as_the_same_typed_values(run, fields, home, format, monkeypatch):
    run("contact", "add", "Ana", *SETS, "--set", "free=text")
    run("contact", "add", "Bo", "--set", "rating=-3", "--set", "budget=-0.05 KWD")
    run("contact", "add", "Eva", "--set", "rating=0.0000001", "--set", "paid=yes")
    path = home / f"contacts.{format}"
    run("export", "contacts", "-f", format, "-o", str(path))
    before = [custom(run, ref) for ref in ("c1", "c2", "c3")]
    monkeypatch.delenv("CRM_CURRENCY")
    unchanged = run("import", str(path), "--json").json
    assert (unchanged["unchanged"], unchanged["updated"]) == (3, 0)
    monkeypatch.setenv("CRM_DB", str(home / "other.db"))
    for row in json.loads(_definitions(run, monkeypatch, home)):
        choices = [word for choice in row["choices"] for word in ("--choice", choice)]
        run("field", "add", row["id"], row["type"], *choices)
    assert run("import", str(path), "--json").json["created"] == 3
    assert [custom(run, ref) for ref in ("c1", "c2", "c3")] == before


def _definitions(run, monkeypatch, home):
    other = str(home / "other.db")
    monkeypatch.delenv("CRM_DB")
    found = run("field", "--json").out
    monkeypatch.setenv("CRM_DB", other)
    return found


def test_csv_has_one_column_for_each_field(run, fields):
    run("contact", "add", "Ana", *SETS)
    (row,) = csv.DictReader(io.StringIO(run("export", "contacts").out))
    assert {key: value for key, value in row.items() if key.startswith("custom.")} == {
        "custom.motto": "[bold]کتاب",
        "custom.rating": "2.5",
        "custom.budget": "9000.00 EUR",
        "custom.met": "2026-11-20",
        "custom.paid": "no",
        "custom.site": "https://acme.si",
        "custom.size": "L",
        "custom.langs": "sl; fa",
    }


def test_a_column_called_like_a_field_feeds_it(run, euro, home):
    run("field", "add", "budget", "money", "--title", "Yearly Budget")
    run("field", "add", "rating", "number")
    path = home / "people.csv"
    path.write_text('Name,YEARLY BUDGET,Rating,Other\nAna,9k,"2,5",x\nBo,,3,\n', "utf-8")
    result = run("import", str(path))
    assert "'Other' is not imported" in result.err
    assert "Budget' is not imported" not in result.err
    assert custom(run) == {"budget": TYPED["budget"], "rating": 2.5}
    assert custom(run, "c2") == {"rating": 3}
    assert run("import", str(path), "--json").json["unchanged"] == 2


def test_a_value_that_does_not_fit_rejects_the_row_with_its_reason(run, euro, home):
    run("field", "add", "budget", "money")
    path = home / "people.csv"
    path.write_text(f"Name,Budget\nAna,9k\nBo,{EVIL}\nEva,1.234\n", "utf-8")
    result = run("import", str(path), code=6)
    assert "1 created" in result.err
    assert "2 rejected" in result.err
    assert "\x1b" not in result.err
    rejected = _rejected(home)
    assert "budget: not an amount" in rejected[1][-1]
    assert "two readings" in rejected[2][-1]


def _rejected(home):
    text = (home / "people.rejected.csv").read_text("utf-8")
    return list(csv.reader(io.StringIO(text)))


def test_required_default_and_unique_hold_in_imports_too(run, home):
    run("contact", "add", "Known", "-e", "known@acme.si")
    run("field", "add", "code", "text", "--required", "--unique")
    run("field", "add", "size", "choice", "--choice", "S", "--default", "S")
    run("contact", "add", "Ana", "--set", "code=A")
    path = home / "people.csv"
    path.write_text(
        "Name,Email,Code\n"
        "New,new@acme.si,N\n"
        "None,none@acme.si,\n"  # rejected: required
        "Known,known@acme.si,\n"  # who is here already needs none
        "Twin,twin@acme.si,a\n"  # rejected: Ana's
        "Copy,copy@acme.si,n\n"  # rejected: that of the first row
        "Known,known@acme.si,K\n",
        "utf-8",
    )
    result = run("import", str(path), code=6)
    assert "1 created, 1 updated, 1 unchanged, 0 skipped, 3 rejected" in result.err
    reasons = [row[-1] for row in _rejected(home)]
    assert reasons[1] == "code is required"
    assert "must be unique: c2 has" in reasons[2]
    assert "must be unique: c3 has" in reasons[3]
    assert custom(run, "c3") == {"code": "N", "size": "S"}
    assert custom(run, "c1") == {"code": "K"}


def test_orgs_are_held_to_their_fields_when_imported(run, home, euro):
    run("field", "add", "org.vat", "text", "--required", "--unique")
    run("field", "add", "org.budget", "money")
    run("org", "add", "Acme", "--set", "vat=1", "--set", "budget=5")
    path = home / "orgs.csv"
    run("export", "orgs", "-o", str(path))
    text = path.read_text("utf-8")
    head, acme = text.splitlines()
    beta = acme.replace("Acme", "Beta").replace(acme.split(",")[0], "")
    bare = beta.replace("Beta", "Gamma").replace(",5.00 EUR,1,", ",7,,")
    path.write_text("\n".join([head, acme, beta, bare]) + "\n", "utf-8")
    result = run("import", str(path), code=6)
    assert "1 unchanged, 0 skipped, 2 rejected" in result.err
    assert "must be unique: o1" in result.err
    assert "vat is required" in result.err


def test_help_names_the_types(run):
    assert "text, number, money, date, choice, multi, bool, url" in " ".join(
        run("field", "add", "--help").out.split()
    )
