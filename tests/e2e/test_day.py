"""The story the program is for: import, log a call with the next step, and tomorrow it says so."""

from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "examples/contacts.csv"


def test_from_an_address_book_to_the_next_morning(crm):
    # Monday: the address book comes in; nothing is due yet.
    assert crm("due").raw == b""
    ran = crm("import", str(SAMPLE))
    assert ran.errors[0] == "9 created, 0 updated, 0 unchanged, 0 skipped, 0 rejected"
    assert crm("due").raw == b""
    assert "Jürgen Müßig" in crm("find", "mussig").out

    # A call, and what to do next.
    ran = crm("log", "call", "ana-novak", "wants a pilot,", "budget in January",
              "-n", "tue send the offer")  # fmt: skip
    assert ran.out == "i1\n"
    assert ran.errors == [
        "Logged call with Ana Novak: i1",
        "t1 send the offer, due Tue 24 Nov 2026 (tomorrow)",
    ]
    assert crm("due").raw == b""
    assert crm("today").out == (
        "date\tc3\t2026-11-30\tJürgen Müßig\tbirthday\tin 7 days\n"
        "tomorrow\tt1\t2026-11-24\tAna Novak\tsend the offer\tin 1 day\n"
    )
    assert (
        crm("contact", "list", "--sort", "-last_touch", "-f", "ids", "--limit", "1").out == "c1\n"
    )
    assert "wants a pilot, budget in January" in crm("contact", "show", "ana-novak").out
    assert "c1\t" not in crm("find", "offer").out
    assert "Ana Novak" in crm("find", "pilot").out

    # Tuesday morning: cron says what is due, the prompt counts one.
    crm.env["CRM_NOW"] = "2026-11-24T07:30:00+00:00"
    line = "today\tt1\t2026-11-24\tAna Novak\tsend the offer\ttoday\n"
    assert crm("due").out == line
    assert crm("due", "--count").out == "1\n"
    assert crm("due", "--exit-code", code=1).out == line
    assert crm("due", "--json").json[0]["who"] == {
        "id": "c1", "handle": "ana-novak", "name": "Ana Novak"
    }  # fmt: skip

    # Done; and taken back; and done after all.
    assert "Done t1 send the offer" in crm("done", "ana-novak").err
    assert crm("due").raw == b""
    assert crm("undo").errors == ["Undone: group 3, done; `crm redo` brings it back"]
    assert crm("due").out == line
    crm("done", "t1")
    assert crm("due", "--count").out == "0\n"

    # The history tells all of it, newest first, and everything is sound.
    history = [line.split("\t") for line in crm("history").lines]
    assert [(row[2], row[4]) for row in history] == [
        ("me", "done"),
        ("me", "undo"),
        ("me", "done"),
        ("me", "log call"),
        ("me", "import contacts.csv"),
    ]
    assert [row[3] for row in history] == ["cli", "undo", "cli", "cli", "import"]
    assert crm.is_sound()


def test_a_forgotten_step_is_overdue_and_a_later_call_completes_it(crm):
    crm("contact", "add", "Rok Čopič", "--org", "Lipa")
    crm("log", "c", "rok-copic", "asked for prices", "-n", "fri call back")
    crm.env["CRM_NOW"] = "2026-11-30T08:00:00+00:00"
    assert crm("due").out == "overdue\tt1\t2026-11-27\tRok Čopič\tcall back\t3 days late\n"
    assert crm("due", "--overdue", "--count").out == "1\n"
    assert "also done: t1" in crm("log", "c", "rok-copic", "agreed").err
    assert crm("due").raw == b""
    assert "overdue" not in crm("today").out


def test_a_day_in_the_zone_of_the_user(crm):
    """At eleven in the evening in London it is tomorrow in Ljubljana already."""
    crm("task", "add", "call", "--due", "2026-11-24")
    crm.env["CRM_NOW"] = "2026-11-23T22:30:00+00:00"
    assert crm("due", "--count").out == "0\n"
    crm.env["CRM_NOW"] = "2026-11-23T23:30:00+00:00"
    assert crm("due", "--count").out == "1\n"
    crm.env["CRM_TIMEZONE"] = "Europe/London"
    assert crm("due", "--count").out == "0\n"


def test_several_people_share_one_database(crm):
    """Each undoes their own last change, not the other's."""
    crm("contact", "add", "Ana Novak")
    crm.env["CRM_USER"] = "maja"
    crm("contact", "add", "Bo Li")
    crm.env["CRM_USER"] = "me"
    assert "contact add" in crm("undo").err
    assert {row[0] for row in crm.query("SELECT display_name FROM contact")} == {"Bo Li"}
    assert crm("undo", code=None).code == 1
    assert "maja" in crm("undo", "--any", "--dry-run").err + crm("history").out
