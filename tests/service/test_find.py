"""What was found as lines: what it is called, what tells it apart, whom it is about."""

from crmcli.service import find, log, task


def one(crm, key):
    (line,) = find.lines(crm, [key])
    return line.name, line.detail, line.who


def test_each_kind(crm, ana):
    id = task.add(crm, "send offer", key=ana, due="fri").id
    wish = log.Log(kind="call", text="likes tea", at="2026-11-20 10:00")
    log.write(crm, log.plan(crm, [ana], wish), [])
    assert one(crm, ana) == ("Ana Novak", "Acme, ana@acme.si", (ana,))
    assert one(crm, ("org", 1)) == ("Acme", "", (("org", 1),))
    assert one(crm, ("task", id)) == ("send offer", "2026-11-27, Ana Novak", (ana,))
    assert one(crm, ("interaction", 1)) == ("Ana Novak", "2026-11-20 call likes tea", (ana,))


def test_the_order_stays_and_what_is_gone_is_left_out(crm, ana):
    keys = [("org", 1), ("contact", 99), ana, ("org", 1)]
    assert [line.key for line in find.lines(crm, keys)] == [("org", 1), ana, ("org", 1)]


def test_the_day_of_what_was_said_is_the_users(crm, ana):
    wish = log.Log(kind="call", text="late", at="2026-11-20 00:30")
    log.write(crm, log.plan(crm, [ana], wish), [])
    assert one(crm, ("interaction", 1))[1] == "2026-11-20 call late"


def test_who_one_was_in_touch_with_last(crm, ana):
    assert find.touched(crm, 5) == []
    log.write(crm, log.plan(crm, [ana], log.Log(kind="call", text="x")), [])
    assert find.touched(crm, 5) == [ana]
