"""`crm contact`."""

import json

import pytest

KEYS = (
    "id handle name prefix given_name additional_name family_name suffix nickname language org"
    " title department email phone emails phones urls addresses birthday dates tags"
    " lifecycle_stage owner last_touch note custom uid created updated"
).split()
EMPTY_LISTS = ("emails", "phones", "urls", "addresses", "dates", "tags")


def names(run, *args):
    return [line.split("\t")[2] for line in run("contact", "list", *args).lines]


def contact(run, ref="c1"):
    return run("contact", "show", ref, "--json").json


# add


def test_add_prints_the_reference_in_a_pipe(run):
    result = run("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--org", "Acme")
    assert result.out == "c1\n"
    assert "Added c1 ana-novak" in result.err


def test_add_gives_the_record_as_json_with_stable_keys(run):
    result = run("contact", "add", "Ana Novak", "--json")
    assert [key for key in result.json if key in KEYS] == KEYS
    assert result.json["id"] == "c1"
    assert result.json["handle"] == "ana-novak"
    assert result.json["owner"] == "me"
    assert result.json["created"] == "2026-11-23T09:00:00Z"
    assert [result.json[key] for key in EMPTY_LISTS] == [[]] * 6
    assert "Added c1" in result.err


def test_add_takes_every_option(run):
    options = {
        "-e": ["work:ana@acme.si", "home:ana@home.si"],
        "-p": ["040 123 456", "mobile:+44 20 7946 0018"],
        "-u": ["https://acme.si/ana"],
        "-a": ["Trg 1, Ljubljana"],
        "-t": ["vip", "+fair"],
        "--org": ["Acme"],
        "--title": ["CEO"],
        "--birthday": ["17.5.1990"],
        "--note": ["likes tea"],
        "--stage": ["customer"],
        "--owner": ["eva"],
        "--set": ["tea=green", "nickname=Anči", "Favourite Cake=sacher"],
    }
    args = [word for option, values in options.items() for v in values for word in (option, v)]
    got = run("contact", "add", "Ana Novak", *args, "--json").json
    emails = [(e["label"], e["value"], e["primary"]) for e in got["emails"]]
    assert emails == [("work", "ana@acme.si", True), ("home", "ana@home.si", False)]
    assert [p["norm"] for p in got["phones"]] == ["+38640123456", "+442079460018"]
    assert got["urls"][0]["value"] == "https://acme.si/ana"
    assert got["addresses"] == [{"street": "Trg 1, Ljubljana"}]
    assert got["tags"] == ["vip", "fair"]
    assert (got["org"], got["title"], got["birthday"]) == ("Acme", "CEO", "1990-05-17")
    assert (got["note"], got["lifecycle_stage"], got["owner"]) == ("likes tea", "customer", "eva")
    assert got["custom"] == {"tea": "green", "favourite_cake": "sacher"}
    assert got["nickname"] == "Anči"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1990-05-17", "1990-05-17"),
        ("17.5.", "--05-17"),
        ("17 may", "--05-17"),
        ("29.2.", "--02-29"),
    ],
)
def test_add_reads_birthdays(run, text, stored):
    assert run("contact", "add", "X", "--birthday", text, "--json").json["birthday"] == stored


@pytest.mark.parametrize(("owner", "stored"), [([], "me"), (["--owner", "me"], "me")])
def test_the_owner_is_who_acts(run, owner, stored):
    assert run("contact", "add", "X", *owner, "--json").json["owner"] == stored


def test_an_unknown_org_is_made_and_said_aloud_with_the_nearest_name(run, ana):
    err = run("contact", "add", "Bo", "--org", "Acmee").err
    assert "o2 Acmee" in err
    assert "nearest: Acme" in err
    assert "new" in err
    again = run("contact", "add", "Eva", "--org", "Acmee").err
    assert "o2 Acmee" in again
    assert "new" not in again


def test_a_number_that_cannot_be_one_is_kept_and_said(run):
    result = run("contact", "add", "X", "-p", "12", "--json")
    assert result.json["phones"][0]["status"] == "unverified"
    assert "not a telephone number" in result.err


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], 3, "a contact needs a name"),
        (["   "], 3, "a contact needs a name"),
        (["X", "-e", "nobody"], 3, "not an e-mail address: 'nobody'"),
        (["X", "--stage", "custmer"], 3, "did you mean customer?"),
        (["X", "--birthday", "31.2."], 3, "no such date"),
        (["X", "--birthday", "soon"], 3, "not a birthday"),
        (["X", "--title", "CEO"], 3, "a title needs an org"),
        (["X", "--set", "tea"], 2, "not key=value"),
        (["X", "--set", "1=x"], 3, "not a field name"),
        (["x" * 1001], 3, "too long"),
        (["X", "--emial", "a@b.si"], 2, "--email"),
        (["X", "Y"], 2, "unexpected extra argument"),
        (["X", "-e"], 2, "-e"),
    ],
)
def test_add_refuses(run, refused, database, args, code, said):
    assert said in refused("contact", "add", *args, code=code)
    assert run("contact", "list").out == ""


@pytest.mark.parametrize(
    "known",
    [
        ["-e", "ANA@acme.si"],
        ["-p", "00386 40 123456", "-e", "bo@acme.si", "--org", "ACME"],
    ],
)
def test_a_duplicate_is_refused_and_named(run, refused, ana, known):
    run("log", "call", "c1", "--at", "2026-11-20 12:00")
    said = refused("contact", "add", "Somebody Else", *known, code=4)
    for part in ("c1", "ana-novak", "owner me", "last touch 2026-11-20", "--force"):
        assert part in said
    assert names(run) == ["Ana Novak"]
    assert run("contact", "add", "Somebody Else", *known, "--force").out == "c2\n"


@pytest.mark.parametrize("phone", ["+386 40 123 456", "00386 40 123456", "040123456"])
def test_the_same_phone_alone_goes_on_and_is_said(run, ana, phone):
    result = run("contact", "add", "Somebody Else", "-e", "new@acme.eu", "-p", phone)
    assert result.out == "c2\n"
    assert "looks like c1 ana-novak, Ana Novak (60: same phone; owner me" in result.err
    assert "`crm dedupe contacts`" in result.err


def test_the_same_phone_and_name_are_refused(run, refused, ana):
    said = refused("contact", "add", "Anna Novak", "-p", "040123456", code=4)
    assert "(100: same phone, like name; owner me, last touch never, 0 open deals)" in said


def test_a_name_alone_is_neither_refused_nor_said(run, ana):
    assert "looks like" not in run("contact", "add", "Ana Novak").err


def test_an_edit_is_looked_at_too(run, refused, ana):
    run("contact", "add", "Ana Nowak", "-e", "mine@nowak.si")
    refused("contact", "edit", "c2", "-e", "ana@acme.si", code=4)
    refused("contact", "edit", "c2", "-e", "ana@acme.si", "--dry-run", code=4)
    assert run("show", "c2", "--json").json["emails"][0]["value"] == "mine@nowak.si"
    said = run("contact", "edit", "c2", "--org", "Acme").err
    assert "looks like c1 ana-novak, Ana Novak (60: like name, same org" in said
    # What was known before the edit is not told again.
    assert "looks like" not in run("contact", "edit", "c2", "-e", "other@nowak.si").err
    assert run("contact", "edit", "c2", "-e", "ana@acme.si", "--force").out == "c2\n"


def test_who_is_added_together_is_looked_at_too(run, refused):
    people = '{"name": "Ana", "emails": ["a@b.si"]}\n{"name": "Bo", "emails": ["A@b.si"]}'
    refused("contact", "add", "--input", "-", input=people, code=4)
    assert names(run) == []


def test_who_was_never_touched_is_said_so(refused, ana):
    assert "last touch never" in refused("contact", "add", "X", "-e", "ana@acme.si", code=4)


def test_who_is_in_the_trash_is_no_duplicate(run, ana):
    run("contact", "rm", "c1")
    assert run("contact", "add", "Ana", "-e", "ana@acme.si").out == "c2\n"


def test_the_same_name_is_another_person_with_another_handle(run, ana):
    assert run("contact", "add", "Ana Novak", "--json").json["handle"] == "ana-novak-2"


@pytest.mark.parametrize("name", ["C12", "t9", "12", "o3"])
def test_a_handle_never_looks_like_an_id(run, name):
    handle = run("contact", "add", name, "--json").json["handle"]
    assert handle.lower() != name.lower()
    assert contact(run, handle)["name"] == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"name": "Ana"}', ["Ana"]),
        ('[{"name": "Ana"}, {"name": "Bo"}]', ["Ana", "Bo"]),
        ('{"name": "Ana"}\n\n{"name": "Bo"}\n', ["Ana", "Bo"]),
        ("[]", []),
        ('\ufeff{"name": "Ana"}', ["Ana"]),
    ],
)
@pytest.mark.parametrize("from_stdin", [True, False])
def test_add_reads_json_and_jsonl(run, home, text, expected, from_stdin):
    path = "-" if from_stdin else str(home / "people.json")
    (home / "people.json").write_text(text, "utf-8")
    result = run("contact", "add", "--input", path, input=text if from_stdin else None)
    assert result.lines == [f"c{number}" for number, _ in enumerate(expected, 1)]
    assert names(run) == expected


def test_several_added_give_one_json_document(run):
    got = run("contact", "add", "--input", "-", "--json", input='[{"name":"A"},{"name":"B"}]')
    assert [record["name"] for record in got.json] == ["A", "B"]


def test_add_takes_what_show_gives(run, ana):
    record = {**contact(run), "name": "Ana Kos", "emails": [], "phones": []}
    run("contact", "add", "--input", "-", input=json.dumps(record))
    assert contact(run, "c2")["tags"] == ["vip"]
    assert contact(run, "c2")["org"] == "Acme"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"name": "Ana"', "bad.json:1:"),
        ('{"name": "Ana"}\n{"name": }\n', "bad.json:2:10"),
        ('[\n  {"name": "Ana"},\n  {"name": "Bo",}\n]\n', "bad.json:3:"),
        ("hello", "bad.json:1:1"),
    ],
)
def test_bad_json_is_named_with_line_and_column(run, refused, home, text, place):
    (home / "bad.json").write_text(text)
    assert place in refused("contact", "add", "--input", str(home / "bad.json"), code=3)
    assert run("contact", "list").out == ""


@pytest.mark.parametrize(
    "text",
    [
        "5",
        '["Ana"]',
        '[{"name": "Ana"}, {"note": "nameless"}]',
        '[{"name": "Ana", "emails": ["a@b.si"]}, {"name": "Bo", "emails": ["nobody"]}]',
        '{"name": "Ana", "emails": [5]}',
        '{"name": "Ana", "emails": [null]}',
        '{"name": "Ana", "emails": [["home"]]}',
        '{"name": "Ana", "tags": 5}',
        '{"name": "Ana", "custom": 5}',
        '{"name": "Ana", "addresses": [5]}',
        '{"name": "Ana", "org": {"name": "Acme"}}',
        '{"name": ["Ana"]}',
        '{"name": "Ana", "birthday": 5}',
    ],
)
def test_input_that_is_not_valid_writes_nothing(run, refused, text):
    refused("contact", "add", "--input", "-", input=text, code=3)
    assert run("contact", "list").out == ""
    assert run("org", "list").out == ""


def test_a_duplicate_within_the_input_writes_nothing(run, refused):
    text = '[{"name": "A", "emails": ["a@b.si"]}, {"name": "B", "emails": ["A@b.si"]}]'
    refused("contact", "add", "--input", "-", input=text, code=4)
    assert run("contact", "list").out == ""


def test_an_input_file_that_is_not_there_is_usage(refused):
    assert "missing.json" in refused("contact", "add", "--input", "missing.json", code=2)


# list


@pytest.fixture
def three(run, ana):
    run("contact", "add", "Bo Li", "--owner", "eva", "-t", "VIP")
    run("contact", "add", "Žan Čop", "--org", "Kos")
    run("log", "call", "c2", "--at", "yesterday")


@pytest.mark.parametrize("args", [["list"], []])
def test_the_bare_noun_lists(run, three, args):
    assert names(run) == [line.split("\t")[2] for line in run("contact", *args).lines]
    assert run("contact", *args).lines[0] == (
        "c1\tana-novak\tAna Novak\tAcme\tana@acme.si\t040 123 456\tvip\t"
    )


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], "Ana Novak, Bo Li, Žan Čop"),
        (["-t", "vip"], "Ana Novak, Bo Li"),
        (["--tag", "+Vip"], "Ana Novak, Bo Li"),
        (["--org", "acme"], "Ana Novak"),
        (["--org", "o2"], "Žan Čop"),
        (["--owner", "me"], "Ana Novak, Žan Čop"),
        (["--owner", "eva"], "Bo Li"),
        (["--owner", "nobody"], ""),
        (["--sort", "-name"], "Žan Čop, Bo Li, Ana Novak"),
        (["--sort", "-id"], "Žan Čop, Bo Li, Ana Novak"),
        (["--sort", "id", "--limit", "2"], "Ana Novak, Bo Li"),
        (["--sort", "-last_touch", "--limit", "1"], "Bo Li"),
        (["--limit", "0"], "Ana Novak, Bo Li, Žan Čop"),
    ],
)
def test_list_filters_and_sorts(run, three, args, expected):
    assert ", ".join(names(run, *args)) == expected


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["--sort", "nmae"], 2, "name"),
        (["--limit", "many"], 2, "--limit"),
        (["--fields", "nmae"], 2, "unknown field"),
        (["-f", "xml"], 2, "unknown format"),
        (["--org", "nowhere"], 1, "nowhere"),
        (["--sotr", "name"], 2, "--sort"),
    ],
)
def test_list_refuses(refused, ana, args, code, said):
    assert said in refused("contact", "list", *args, code=code)


def test_an_empty_list_is_fine_and_makes_no_database(run, database):
    result = run("contact", "list")
    assert (result.out, result.err) == ("", "")
    assert not database.exists()


def test_who_is_in_the_trash_is_not_listed(run, ana):
    run("contact", "rm", "c1")
    assert run("contact", "list").out == ""


# show


def test_show_is_key_and_value_in_a_pipe(run, ana):
    pairs = dict(line.split("\t", 1) for line in run("contact", "show", ana).lines)
    assert (pairs["id"], pairs["handle"], pairs["name"]) == ("c1", "ana-novak", "Ana Novak")
    assert (pairs["tags"], pairs["last_touch"]) == ("vip", "")


def test_show_as_json_has_open_tasks_and_timeline(run, ana):
    run("log", "call", "c1", "wants a pilot", "-n", "fri send offer")
    got = contact(run)
    assert got["tasks"] == [
        {
            "id": "t1",
            "due": "2026-11-27",
            "title": "send offer",
            "kind": "follow_up",
            "repeats": None,
        }
    ]
    assert [(row["id"], row["body"]) for row in got["timeline"]] == [("i1", "wants a pilot")]
    assert got["last_touch"] == "2026-11-23T09:00:00Z"


def test_the_timeline_is_newest_first(run, ana):
    for day in ("2026-11-18 9:00", "2026-11-20 9:00", "2026-11-19 9:00"):
        run("log", "call", "c1", day, "--at", day)
    assert [row["body"][:10] for row in contact(run)["timeline"]] == [
        "2026-11-20",
        "2026-11-19",
        "2026-11-18",
    ]


@pytest.mark.parametrize("ref", ["c9", "nobody", "o1", ""])
def test_show_of_nobody_is_exit_1(refused, ana, ref):
    refused("contact", "show", ref, code=1)


# edit


@pytest.mark.parametrize(
    ("args", "key", "value"),
    [
        (["--name", "Ana Kos"], "name", "Ana Kos"),
        (["--org", "Beta"], "org", "Beta"),
        (["--title", "CEO"], "title", "CEO"),
        (["--birthday", "17.5."], "birthday", "--05-17"),
        (["--note", "tea"], "note", "tea"),
        (["--stage", "lead"], "lifecycle_stage", "lead"),
        (["--owner", "eva"], "owner", "eva"),
        (["-t", "fair"], "tags", ["vip", "fair"]),
        (["--drop", "+vip"], "tags", []),
        (["--drop", "VIP"], "tags", []),
        (["--drop", "ana@acme.si"], "emails", []),
        (["--drop", "+38640123456"], "phones", []),
        (["--set", "org="], "org", None),
        (["--set", "tea=green"], "custom", {"tea": "green"}),
        (["--set", "given_name=Ana"], "given_name", "Ana"),
        (["-a", "Trg 1"], "addresses", [{"street": "Trg 1"}]),
    ],
)
def test_edit_changes_one_thing(run, ana, args, key, value):
    before = contact(run)
    result = run("contact", "edit", "ana-novak", *args)
    assert result.out == "c1\n"
    assert "Changed c1" in result.err
    after = contact(run)
    assert after[key] == value
    related = {"name": {"handle"}, "org": {"title"}}.get(key, set())
    related |= {"email"} if key == "emails" else {"phone"} if key == "phones" else set()
    changed = {name for name in before if before[name] != after[name]}
    assert changed - related - {"updated"} <= {key}


def test_the_old_handle_still_works_after_a_rename(run, ana):
    run("contact", "edit", "c1", "--name", "Ana Kos")
    assert contact(run, "ana-novak")["name"] == "Ana Kos"
    assert contact(run, "ana-kos")["id"] == "c1"


def test_what_repeats_is_added_and_the_first_stays_primary(run, ana):
    run("contact", "edit", "c1", "-e", "home:ana@home.si", "-p", "01 234 56 78")
    got = contact(run)
    assert [e["value"] for e in got["emails"]] == ["ana@acme.si", "ana@home.si"]
    assert got["email"] == "ana@acme.si"
    run("contact", "edit", "c1", "--drop", "ana@acme.si")
    assert contact(run)["email"] == "ana@home.si"
    assert contact(run)["emails"][0]["primary"] is True


def test_an_empty_value_removes_a_custom_field(run, ana):
    run("contact", "edit", "c1", "--set", "tea=green", "--set", "cake=sacher")
    run("contact", "edit", "c1", "--set", "tea=")
    assert contact(run)["custom"] == {"cake": "sacher"}


def test_a_new_org_is_said_aloud_on_edit_too(run, ana):
    err = run("contact", "edit", "c1", "--org", "Acmee").err
    assert "Acmee" in err
    assert "nearest: Acme" in err


def test_an_edit_that_changes_nothing_writes_nothing(run, ana):
    groups = run("history").out
    result = run("contact", "edit", "c1", "--name", "Ana Novak", "-t", "vip", "--drop", "+none")
    assert result.out == "c1\n"
    assert "Unchanged c1" in result.err
    assert run("history").out == groups


def test_edit_takes_many_references_from_stdin_as_one_group(run, bo):
    ids = run("contact", "list", "-f", "ids").out
    result = run("contact", "edit", "-", "-t", "followed-up", input=ids)
    assert result.out == ids
    assert names(run, "-t", "followed-up") == ["Ana Novak", "Bo Li"]
    run("undo")
    assert names(run, "-t", "followed-up") == []


def test_an_edit_of_several_gives_one_json_document(run, bo):
    got = run("contact", "edit", "c1", "c2", "-t", "new", "--json")
    assert [record["id"] for record in got.json] == ["c1", "c2"]


def test_a_dry_run_of_edit_says_what_would_change(run, bo):
    result = run("contact", "edit", "c1", "c2", "-t", "vip", "--dry-run")
    assert "Unchanged c1" in result.err
    assert "Would change c2" in result.err
    assert names(run, "-t", "vip") == ["Ana Novak"]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["c1", "--name", " "], 3),
        (["c1", "--set", "name="], 3),
        (["c1", "--stage", "bogus"], 3),
        (["c1", "-e", "nobody"], 3),
        (["c1", "--set", "tea"], 2),
        (["c9", "-t", "x"], 1),
        (["c1", "nobody", "-t", "x"], 1),
        ([], 2),
    ],
)
def test_edit_refuses_and_writes_nothing(run, refused, ana, args, code):
    before = contact(run)
    refused("contact", "edit", *args, code=code)
    assert contact(run) == before


def test_a_title_needs_an_org_on_edit_as_on_add(run, refused, bo):
    assert "a title needs an org" in refused("contact", "edit", "c2", "--title", "CEO", code=3)


# rm


def test_one_goes_to_the_trash_and_it_says_how_to_undo(run, ana):
    result = run("contact", "rm", "ana-novak")
    assert result.out == "c1\n"
    assert "crm undo" in result.err
    run("undo")
    assert names(run) == ["Ana Novak"]


@pytest.mark.parametrize("asked", [["--no-input"], []])
def test_several_need_yes_in_a_pipe(run, refused, bo, asked):
    said = refused("contact", "rm", "c1", "c2", *asked, code=2)
    assert "--yes" in said
    assert "2" in said
    assert names(run) == ["Ana Novak", "Bo Li"]


@pytest.mark.parametrize("yes", ["--yes", "-y"])
def test_yes_removes_several_as_one_group(run, bo, yes):
    assert run("contact", "rm", "c1", "c2", yes).lines == ["c1", "c2"]
    assert names(run) == []
    run("undo")
    assert names(run) == ["Ana Novak", "Bo Li"]


def test_rm_takes_references_from_stdin(run, bo):
    assert run("contact", "rm", "-", "--yes", input="c1\nbo-li\n\n").lines == ["c1", "c2"]


def test_the_same_one_named_twice_is_one(run, ana):
    assert run("contact", "rm", "c1", "ana-novak").lines == ["c1"]


def test_rm_with_json_gives_json(run, bo):
    assert run("contact", "rm", "c1", "--json").json["id"] == "c1"


def test_a_dry_run_of_rm_removes_nothing(run, bo):
    result = run("contact", "rm", "c1", "c2", "--dry-run")
    assert result.out == ""
    assert "Would move c1" in result.err
    assert names(run) == ["Ana Novak", "Bo Li"]


@pytest.mark.parametrize("ref", ["Ana", "ana", "Nov", "c9", "acme"])
def test_rm_takes_no_beginnings(run, refused, ana, ref):
    refused("contact", "rm", ref, code=1)
    assert names(run) == ["Ana Novak"]


@pytest.mark.parametrize(
    ("via", "link"),
    [
        ("mail", "mailto:ana@acme.si"),
        ("tel", "tel:+38640123456"),
        ("sms", "sms:+38640123456"),
        ("signal", "https://signal.me/#p/+38640123456"),
        ("whatsapp", "https://wa.me/38640123456"),
        ("telegram", "https://t.me/+38640123456"),
        ("web", "https://acme.si"),
        ("matrix", "https://matrix.to/#/@ana:acme.si"),
    ],
)
def test_open_prints_the_link_in_a_pipe(run, via, link):
    urls = ["-u", "acme.si", "-u", "https://matrix.to/#/@ana:acme.si"]
    run("contact", "add", "Ana", "-e", "ana@acme.si", "-p", "+38640123456", *urls)
    assert run("contact", "open", "ana", "--via", via).out == f"{link}\n"
    told = json.loads(run("contact", "open", "ana", "--via", via, "--json").out)
    assert told == {"id": "c1", "via": via, "link": link}


def test_open_refuses_what_cannot_be(run, refused):
    run("contact", "add", "Ana", "-p", "12", "-u", "javascript:alert(1)")
    for via in ("mail", "tel", "signal", "web", "matrix"):
        assert f"cannot be reached via {via}" in refused(
            "contact", "open", "ana", "--via", via, code=1
        )
    assert "mail, tel" in refused("contact", "open", "ana", "--via", "pigeon", code=2)
