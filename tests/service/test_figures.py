"""The figures of sales on real deals: the worked examples, and the known faults of others."""

from datetime import date

import pytest

from crmcli.errors import NotFoundError, UsageError
from crmcli.money import Money
from crmcli.rules.pipeline import TEMPLATES, draft_stage
from crmcli.service import contact, figures, goal, rate, sales
from crmcli.service import deal as deals
from crmcli.service import filter as filters
from crmcli.service.figures import Ask
from crmcli.service.forecast import forecast
from crmcli.store import deal as store
from crmcli.store.pipeline import add_pipeline, add_stage, find_pipeline, find_stage, get_stage
from crmcli.store.sql import figures as sql

# Now is Monday, 23 November 2026.
SOON = "2026-12-24"
HOSTILE = "\x1b[31m[/]\u202eعلی王" + "x" * 10_000


@pytest.fixture(autouse=True)
def currency(monkeypatch):
    monkeypatch.setenv("CRM_CURRENCY", "EUR")


class Sales:
    """Words for what happens to deals, each at a day of its own."""

    def __init__(self, crm) -> None:
        self.crm = crm

    def open(self, amount="", percent=None, close=SOON, at="2026-03-01", stage="", **raw) -> int:
        values = {"name": "Pilot", "amount": amount, "close_date": close, **raw}
        if percent is not None:
            values["probability_override"] = str(percent)
        return deals.add(self.crm, values, stage=stage, at=f"{at} 10:00").id

    def move(self, id: int, to: str, at: str = "", reason: str = "price", **more) -> int:
        deal = store.get_deal(self.crm.store.reader, id)
        is_end = to in ("won", "lost")
        stage = (deals.closing_stage if is_end else deals.target)(self.crm, deal, to)
        when = f"{at} 10:00" if at else ""
        wish = deals.Move(stage=stage, at=when, reason=reason if to == "lost" else "", **more)
        deals.move(self.crm, [id], wish)
        return id

    def won(self, amount="", at="2026-11-20", **raw) -> int:
        return self.move(self.open(amount, **raw), "won", at)

    def lost(self, amount="", at="2026-11-20", reason="price", competitor="", **raw) -> int:
        return self.move(self.open(amount, **raw), "lost", at, reason, competitor=competitor)

    def lead(self, name: str, since: str, customer: str = "", source: str = "") -> int:
        raw = {"name": name, "lifecycle_stage": "lead", **({"source": source} if source else {})}
        id = contact.add(self.crm, [raw], force=True).value[0]
        day = f"{since}T10:00:00Z"

        def write(w):
            row = w.one("SELECT id FROM lifecycle_history WHERE contact_id = :id", id=id)
            w.update("lifecycle_history", row["id"], entered_at=day)
            if customer:
                at = f"{customer}T10:00:00Z"
                w.insert("lifecycle_history", contact_id=id, stage="customer", entered_at=at)
            if customer > since:
                w.update("contact", id, lifecycle_stage="customer")

        self.crm.write("test", write)
        return id


@pytest.fixture
def do(crm) -> Sales:
    return Sales(crm)


def euros(purse) -> list[str]:
    return [f"{money.minor / 100:.2f} {money.currency}" for money in purse.moneys]


def lines(table, key):
    return {line.labels or line.part: line.figures.get(key) for line in table.lines}


# Forecast


def test_4_2_forecast(crm, do):
    for amount, percent in (("10000", 20), ("4000", 60), ("8000.50", 80)):
        do.open(amount, percent)
    do.won("5000", at="2026-11-23")
    do.lost("7000", at="2026-11-23")
    total = forecast(crm, Ask()).total.figures
    assert euros(total["weighted"]) == ["10800.40 EUR"]
    assert euros(total["won"]) == ["5000.00 EUR"]
    assert euros(total["total"]) == ["15800.40 EUR"]
    assert (total["deals"], total["won_deals"]) == (3, 1)


def test_4_2_a_monthly_amount_counts_a_year(crm, do):
    do.open("100", 50, period="monthly")
    do.open("100", 50, period="annual")
    assert euros(forecast(crm, Ask()).total.figures["weighted"]) == ["650.00 EUR"]


def test_4_2_nothing_is_dropped_silently(crm, do):
    due = do.open("100", 50)
    late = do.open("200", 50, close="2026-11-22")
    undated = do.open("300", 50, close=None)
    table = forecast(crm, Ask())
    assert lines(table, "deals") == {("2026-12",): 1, "late": 1, "undated": 1}
    assert [table.behind(crm, line) for line in table.all] == [[due], [late], [undated], [due]]
    assert euros(table.total.figures["open"]) == ["100.00 EUR"]


def test_4_2_what_is_late_in_the_period_counts_and_is_told_unless_strict(crm, do):
    late = do.open("200", 50, close="2026-11-22")
    table = forecast(crm, Ask(period="this month"))
    assert table.total.figures["deals"] == 1
    assert "past its close date" in table.notes[0]
    strict = forecast(crm, Ask(period="this month", strict=True))
    assert (strict.total.figures["deals"], strict.notes) == (0, [])
    assert strict.behind(crm, strict.line({"part": "late"})) == [late]


def test_4_2_the_end_of_a_period_is_a_day_of_it(crm, do):
    do.open("100", 50, close="2026-11-30")
    do.open("100", 50, close="2026-12-01")
    assert forecast(crm, Ask(period="this month")).total.figures["deals"] == 1
    assert forecast(crm, Ask(period="next month")).total.figures["deals"] == 1
    assert forecast(crm, Ask(period="all")).total.figures["deals"] == 2


def test_probability_follows_a_stage_change_unless_it_is_the_deals_own(crm, do):
    free, own = do.open("1000"), do.open("1000", 20)
    assert euros(forecast(crm, Ask()).total.figures["weighted"]) == ["300.00 EUR"]
    for id in (free, own):
        do.move(id, "negotiation")
    assert euros(forecast(crm, Ask()).total.figures["weighted"]) == ["950.00 EUR"]


def test_4_3_categories_are_cumulative(crm, do):
    do.open("200", stage="lead")
    do.open("150", stage="proposal")
    do.open("100", stage="negotiation")
    do.open("999", category_override="omitted")
    do.won("50", at="2026-11-23")
    table = forecast(crm, Ask(by=("category",)))
    assert [euros(value) for value in lines(table, "open").values()] == [
        ["450.00 EUR"],
        ["300.00 EUR"],
        ["150.00 EUR"],
        ["50.00 EUR"],
    ]
    counts = {line.labels: len(table.behind(crm, line)) for line in table.lines}
    assert {key: (n,) for key, n in counts.items()} == {
        labels: (n,) for labels, n in lines(table, "deals").items()
    }
    assert "1 omitted deal." in table.notes


def test_4_24_closed_against_expected(crm, do):
    _, second, third = (do.open("100", percent) for percent in (20, 60, 80))
    do.move(second, "won", "2026-11-10")
    do.move(third, "won", "2026-11-12")
    do.open("100", 90, at="2026-11-05")  # not open yet when the month began
    total = forecast(crm, Ask(period="this month")).total.figures
    assert (total["expected"], total["happened"], total["won_deals"]) == (1.6, 2, 2)


def test_as_of_a_day_deals_stand_as_they_stood(crm, do):
    deal = do.open("1000", 50, at="2026-03-01")
    do.move(deal, "proposal", "2026-06-01")
    do.move(deal, "won", "2026-09-01")
    then = forecast(crm, Ask(as_of="2026-07-01", by=("stage",)))
    assert lines(then, "deals") == {("Proposal",): 1}
    assert then.behind(crm, then.lines[0]) == [deal]
    assert lines(forecast(crm, Ask(as_of="2026-02-28", by=("stage",))), "deals") == {}
    assert forecast(crm, Ask(as_of="2026-09-01")).total.figures["won_deals"] == 1
    assert forecast(crm, Ask(as_of="2026-08-31")).total.figures["won_deals"] == 0


def test_as_of_a_day_amounts_and_dates_are_those_of_then(crm, do, monkeypatch):
    deal = do.open("1000", 50, at="2026-03-01")
    deals.edit(crm, [deal], {"amount": "9000", "close_date": "2027-06-01"})
    then = forecast(crm, Ask(as_of="2026-11-22")).total.figures
    assert euros(then["open"]) == ["1000.00 EUR"]
    now = forecast(crm, Ask(by=("month",)))
    assert lines(now, "deals") == {("2027-06",): 1}


def test_a_removed_stage_changes_no_day_of_closing_as_of_today(crm, do):
    do.lost("1000", at="2026-09-01")
    lost = find_stage(crm.store.reader, "Lost", "deal")
    pipeline = find_pipeline(crm.store.reader, "", "deal")
    quiet = draft_stage({"name": "Gone quiet", "kind": "lost"})
    other = crm.write("test", lambda w: add_stage(w, pipeline, quiet)).value
    crm.write("test", lambda w: store.empty_stage(w, lost, get_stage(w.conn, other)))
    for asked in (Ask(period="2026-09"), Ask(period="2026-09", as_of="2026-11-23")):
        assert sales.sales(crm, asked).total.figures["lost"] == 1


def test_a_filter_chooses_by_what_deals_are_now(crm, do):
    deal = do.open("1000", 50, at="2026-03-01")
    do.open("1000", 50, at="2026-03-01")
    do.move(deal, "won", "2026-09-01")
    where = filters.condition(crm, "deal", filters.read(["stage:won", "owner:me"], "")).where
    assert forecast(crm, Ask(as_of="2026-08-31", where=where)).total.figures["deals"] == 1
    assert forecast(crm, Ask(where=where)).total.figures["deals"] == 0


def test_sums_over_currencies_need_every_rate(crm, do):
    do.open("EUR 100", 50)
    do.open("USD 100", 50)
    do.open("JPY 1000", 50)
    rate.set_rate(crm, "usd", "eur", "0.90", "2026-01-01")
    table = forecast(crm, Ask())
    found = table.total.figures["open"]
    assert found.moneys == [Money(10_000, "EUR"), Money(1000, "JPY"), Money(10_000, "USD")]
    assert found.in_base is None
    assert "No rate of JPY up to 2026-11-23" in table.notes[0]
    rate.set_rate(crm, "JPY", "EUR", "0.006", "2026-11-23")
    table = forecast(crm, Ask())
    assert (table.total.figures["open"].in_base, table.notes) == (Money(19_600, "EUR"), [])


def test_what_closed_counts_with_the_rate_of_its_day_never_with_todays(crm, do):
    rate.set_rate(crm, "USD", "EUR", "0.50", "2026-01-01")
    rate.set_rate(crm, "USD", "EUR", "0.90", "2026-11-22")
    do.won("USD 100", at="2026-11-20")
    do.open("USD 100", 100)
    table = forecast(crm, Ask(period="this month"))
    assert table.total.figures["won"].in_base == Money(5000, "EUR")
    assert forecast(crm, Ask()).total.figures["open"].in_base == Money(9000, "EUR")
    rate.remove(crm, "USD", "EUR", "2026-01-01")
    assert forecast(crm, Ask(period="this month")).total.figures["won"].in_base is None


def test_a_thousand_of_the_largest_amounts_can_be_added_up(crm, do):
    id = do.open("9999999999999.99", 99, period="monthly")

    def more(w):
        row = w.get("deal", id)
        kept = {key: value for key, value in row.items() if key not in ("id", "uid", "version")}
        for _ in range(1000):
            w.insert("deal", **kept)

    crm.write("test", more)
    found = forecast(crm, Ask()).total.figures
    assert found["open"].moneys == [Money(1001 * 12 * 999_999_999_999_999, "EUR")]


# Won and lost


def test_4_4_win_rate_by_count_and_value(crm, do):
    for _ in range(6):
        do.won("10000")
    for amount in ("20000", "20000", "20000", "20000", "20000", "20000", "20000", "", ""):
        do.lost(amount)
    for _ in range(5):
        do.open("500", close="2026-11-01")
    do.open("500", close="2026-11-23")  # not late yet
    do.open("500", close="2026-01-01")  # not of the last 90 days
    total = sales.sales(crm, Ask()).total.figures
    assert (total["won"], total["lost"], total["open_late"]) == (6, 9, 5)
    assert (total["win_rate"], total["value_rate"]) == (40.0, 30.0)
    assert sales.sales(crm, Ask(strict=True)).total.figures["win_rate"] == 30.0


def test_4_5_cycles_of_won_and_lost_are_apart(crm, do):
    for days in ("2026-11-10", "2026-10-31", "2026-09-21"):
        do.move(do.open("100", at=days), "won", "2026-11-20")
    do.move(do.open("100", at="2026-11-16"), "lost", "2026-11-20")
    total = sales.sales(crm, Ask()).total.figures
    assert (total["cycle_mean"], total["cycle_median"]) == (30.0, 20.0)
    assert (total["lost_mean"], total["lost_median"]) == (4.0, 4.0)


def test_what_is_empty_is_none_not_nought(crm, do):
    do.open("100")
    total = sales.sales(crm, Ask()).total.figures
    assert total["win_rate"] is total["cycle_mean"] is total["average"] is total["change"] is None
    assert sales.velocity(crm, Ask()).total.figures["velocity"] is None
    assert sales.leads(crm, Ask()).total.figures["conversion"] is None


def test_the_period_before_has_the_same_length(crm, do):
    do.won("100", at="2026-11-05")
    do.won("50", at="2026-11-06")
    do.won("100", at="2026-10-31")
    total = sales.sales(crm, Ask(period="this month")).total.figures
    assert (total["won"], total["won_before"], total["change"]) == (2, 1, 50.0)
    before = figures.before
    assert before((date(2026, 1, 1), date(2026, 3, 31))) == (date(2025, 10, 1), date(2025, 12, 31))
    assert before((date(2026, 3, 1), date(2026, 3, 31))) == (date(2026, 2, 1), date(2026, 2, 28))
    assert before((date(2026, 3, 5), date(2026, 3, 9))) == (date(2026, 2, 28), date(2026, 3, 4))


def test_lost_by_reason_stage_and_competitor(crm, do):
    one = do.open("100")
    do.move(one, "proposal", "2026-10-01")
    do.move(one, "lost", "2026-11-01", "price", competitor="Umbrella")
    two = do.lost("300", reason="timing")
    table = sales.lost(crm, Ask(by=("reason", "stage", "competitor")))
    assert lines(table, "lost") == {
        ("price", "Proposal", "Umbrella"): 1,
        ("timing", "Lead", None): 1,
    }
    assert [table.behind(crm, line) for line in table.lines] == [[one], [two]]
    assert [line.figures["share"] for line in table.all] == [50.0, 50.0, 100.0]


def test_4_11_velocity(crm, do):
    for _ in range(12):
        do.open("1", stage="qualified")
    do.open("1", stage="lead")  # not qualified
    for _ in range(4):
        do.move(do.open("5000", at="2026-09-20"), "won", "2026-10-20")
    for _ in range(6):
        do.lost("1")
    total = sales.velocity(crm, Ask()).total.figures
    assert (total["open"], total["win_rate"], total["cycle"]) == (12, 40.0, 30.0)
    assert euros(total["velocity"]) == ["800.00 EUR"]


def test_deals_are_labelled_by_owner_source_and_industry(crm, do):
    do.won("100", source="Fair")
    do.won("100", source=HOSTILE[:200], owner="Ana")
    table = sales.sales(crm, Ask(by=("source", "owner", "month")))
    labels = {line.labels for line in table.lines}
    assert ("Fair", "me", "2026-11") in labels
    assert len(labels) == 2
    assert [len(table.behind(crm, line)) for line in table.all] == [1, 1, 2]


# Funnel and stages


def test_4_7_funnel(crm, do):
    lost = do.open(at="2026-10-01")
    do.move(lost, "proposal", "2026-10-05")
    do.move(lost, "lost", "2026-10-06")
    back = do.open(at="2026-10-01")
    for day, stage in enumerate(("proposal", "lead", "proposal"), 2):
        do.move(back, stage, f"2026-10-0{day}")
    do.won(at="2026-10-20", close=None)  # opened in March: not of this cohort
    do.open(at="2026-10-02")
    do.open(at="2026-01-01")  # not of this cohort
    table = sales.funnel(crm, Ask(period="2026-10"))
    assert [line.figures["reached"] for line in table.lines] == [3, 2, 2, 0, 0]
    assert [line.figures["step"] for line in table.lines] == [None, 66.7, 100.0, 0.0, None]
    assert [len(table.behind(crm, line)) for line in table.lines] == [3, 2, 2, 0, 0]
    march = sales.funnel(crm, Ask(period="2026-03"))
    assert [line.figures["reached"] for line in march.lines] == [1, 1, 1, 1, 1]
    assert march.lines[-1].labels == ("Won",)
    then = sales.funnel(crm, Ask(period="2026-10", as_of="2026-10-02"))
    assert [line.figures["reached"] for line in then.lines] == [3, 1, 1, 0, 0]


def test_4_7_stage_conversion_and_4_8_stays(crm, do):
    ways = [("proposal",)] * 4 + [("proposal", "lead")] + [("lost",)] * 3 + [()] * 2
    for way in ways:
        id = do.open(at="2026-11-01")
        for day, stage in enumerate(way):
            do.move(id, stage, f"2026-11-{5 + day:02}")
    table = sales.stages(crm, Ask(period="2026-11"))
    found = table.lines[0].figures
    assert [found[key] for key in ("entered", "advanced", "dropped", "pending")] == [10, 5, 3, 2]
    assert found["conversion"] == 62.5
    assert (found["stays"], found["days_mean"]) == (8, 4.0)
    assert (found["running"], found["age"]) == (3, 22.0)
    assert len(table.behind(crm, table.lines[0])) == 10


def test_4_8_time_of_each_deal(crm, do):
    id = do.open(at="2026-03-01")
    do.move(id, "proposal", "2026-03-05")
    do.move(id, "lead", "2026-03-10")
    do.move(id, "proposal", "2026-03-13")
    (time,) = sales.times(crm, Ask(period="2026-03"), "Lead")
    assert (time.fate, time.cumulative, time.latest, time.age) == ("advanced", 7.0, 3.0, None)
    (then,) = sales.times(crm, Ask(period="2026-03", as_of="2026-03-11"), "Lead")
    assert (then.cumulative, then.latest, then.age) == (5.6, 4.0, 1.6)


def test_people_have_a_funnel_too(crm, do):
    ana, bo = (contact.add(crm, [{"name": name}]).value[0] for name in ("Ana", "Bo"))
    interest = find_stage(crm.store.reader, "interest", "contact")
    aware = find_stage(crm.store.reader, "awareness", "contact")
    deals.move_people(crm, [ana, bo], aware, "2026-11-01")
    deals.move_people(crm, [bo], interest, "2026-11-03")
    table = sales.funnel(crm, Ask(of="contact"))
    assert [line.figures["reached"] for line in table.lines] == [2, 1, 0, 0]
    assert table.behind(crm, table.lines[1]) == [bo]
    passing = sales.stages(crm, Ask(of="contact")).lines[0].figures
    assert (passing["entered"], passing["advanced"], passing["pending"]) == (2, 1, 1)


# Leads, slippage, goals


def test_4_6_lead_conversion_and_what_it_cost(crm, do):
    for number in range(5):
        customer = "2026-11-01" if number < 2 else ""
        do.lead(f"Lead {number}", "2026-10-10", customer, source="Fair")
    do.lead("Early", "2026-01-01", "2026-02-01", source="Fair")
    bought_first = do.lead("Lead 9", "2026-10-10", "2026-10-01", source="Web")

    def spend(w):
        row = w.one("SELECT id FROM source WHERE name_norm = 'fair'")
        for day, minor in (("2026-10-01", 100_00), ("2025-10-01", 999_00)):
            cost = {"spent_on": day, "amount_minor": minor, "currency": "EUR"}
            w.insert("source_cost", source_id=row["id"], **cost)

    crm.write("test", spend)
    table = sales.leads(crm, Ask(period="2026-10"))
    fair, web = table.line({"source": "fair"}), table.line({"source": "Web"})
    assert [fair.figures[key] for key in ("leads", "customers", "conversion")] == [5, 2, 40.0]
    assert euros(fair.figures["per_lead"]) == ["20.00 EUR"]
    assert euros(fair.figures["per_customer"]) == ["50.00 EUR"]
    assert (web.figures["customers"], web.figures["per_customer"]) == (0, None)
    assert (table.behind(crm, web), web.noun) == ([bought_first], "contact")


def test_a_close_date_that_is_none_is_no_slip(crm, do):
    deal = do.open()
    # As a dump that was edited may have it.
    crm.write("test", lambda w: w.update("deal", deal, close_date="soon"))
    deals.edit(crm, [deal], {"close_date": "2027-01-10"})
    assert sales.slippage(crm, Ask()).total.figures["deals"] == 0


def test_slippage_counts_each_time_a_close_date_moved(crm, do, monkeypatch):
    id, other = do.open("100", close="2026-12-01"), do.open("100", close="2026-12-01")
    for day in ("2026-12-11", "2026-12-31", "2026-12-30"):
        deals.edit(crm, [id], {"close_date": day})
    deals.edit(crm, [other], {"amount": "200"})
    table = sales.slippage(crm, Ask())
    found = table.total.figures
    assert (found["deals"], found["later"], found["earlier"]) == (1, 2, 1)
    assert (found["days_mean"], found["days"]) == (15.0, 29)
    assert table.behind(crm, table.total) == [id]


def test_goals_and_how_much_of_them_is_reached(crm, do, ana):
    goal.set_goal(crm, "@me", "won_amount", "10k", "this quarter")
    goal.set_goal(crm, "team", "won_count", "4", "this quarter")
    goal.set_goal(crm, "Bo", "won_count", "4", "this quarter")
    goal.set_goal(crm, "team", "new_contacts", "2", "this month")
    do.won("2500", at="2026-10-02")
    do.won("USD 1", at="2026-09-30")  # before the quarter
    table = goal.attainment(crm, Ask())
    found = {line.labels[1:3]: line.figures["attainment"] for line in table.lines}
    assert found == {
        ("me", "won_amount"): 25.0,
        ("team", "won_count"): 25.0,
        ("Bo", "won_count"): 0.0,
        ("team", "new_contacts"): 50.0,
    }
    people = next(line for line in table.lines if line.noun == "contact")
    assert table.behind(crm, people) == [ana[1]]
    goal.set_goal(crm, "@me", "won-amount", "5k", "this quarter")
    (own,) = (line for line in goal.attainment(crm, Ask()).lines if line.labels[1] == "me")
    assert own.figures["attainment"] == 50.0
    then = goal.attainment(crm, Ask(as_of="2026-10-01"))
    assert {line.figures["attainment"] for line in then.lines} == {0.0}


def test_a_goal_in_one_currency_needs_rates_for_others(crm, do):
    goal.set_goal(crm, "@me", "won_amount", "USD 100", "this quarter")
    do.won("EUR 50", at="2026-11-20")
    (line,) = goal.attainment(crm, Ask()).lines
    assert line.figures["attainment"] is None
    rate.set_rate(crm, "EUR", "USD", "1.2", "2026-01-01")
    (line,) = goal.attainment(crm, Ask()).lines
    assert line.figures["attainment"] == 60.0


# All of them

REPORTS = (forecast, sales.sales, sales.lost, sales.velocity, sales.funnel, sales.stages)
REPORTS += (sales.leads, sales.slippage, goal.attainment)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__)
def test_an_empty_database_has_reports(crm, report):
    for ask in (Ask(), Ask(period="all"), Ask(as_of="2026-01-01"), Ask(since="2026")):
        table = report(crm, ask)
        assert all(table.behind(crm, line) == [] for line in table.all)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__)
def test_trash_is_in_no_report(crm, do, report):
    for id in (do.won("100"), do.lost("100"), do.open("100", stage="proposal")):
        crm.write("test", lambda w, id=id: w.update("deal", id, archived_at=w.now))
    table = report(crm, Ask())
    assert all(table.behind(crm, line) == [] for line in table.all)


def test_every_line_counts_as_many_deals_as_are_behind_it(crm, do):
    for number in range(6):
        do.open("100", close=("2026-12-01", "2027-01-01", None)[number % 3], owner=f"U{number % 2}")
    do.won("100", at="2026-11-23", owner="U0")
    table = forecast(crm, Ask(by=("owner", "month", "stage", "source")))
    for line in table.all:
        many = line.figures["deals"] + line.figures.get("won_deals", 0)
        assert len(table.behind(crm, line)) == many


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (Ask(period="2026", since="2025"), UsageError),
        (Ask(period="soon"), UsageError),
        (Ask(by=("colour",)), UsageError),
        (Ask(since="2026-11", until="2026-10"), UsageError),
        (Ask(pipeline="nowhere"), NotFoundError),
    ],
)
def test_what_cannot_be_asked_is_refused(crm, ask, error):
    with pytest.raises(error):
        sales.sales(crm, ask)


def test_only_one_pipeline(crm, do):
    stages = [draft_stage(raw) for raw in TEMPLATES["renewal"]]
    crm.write("test", lambda w: add_pipeline(w, "Renewals", "deal", stages))
    there = deals.add(crm, {"name": "x", "close_date": SOON}, pipeline="Renewals").id
    do.open("100")
    table = forecast(crm, Ask(pipeline="renew"))
    assert table.behind(crm, table.total) == [there]
    names = [line.labels[0] for line in sales.funnel(crm, Ask(pipeline="Renewals")).lines]
    assert names == ["Upcoming", "Contacted", "Terms sent", "Renewed"]


def test_the_screen_may_ask_for_some_owner(crm, do):
    do.open("100", owner="Ana")
    do.open("100", owner="Bo")
    where = filters.condition(crm, "deal", filters.term("owner", "Ana")).where
    assert forecast(crm, Ask(where=where)).total.figures["deals"] == 1


def test_the_axes_of_a_heat_map_are_in_order(crm, do):
    do.open("100", stage="negotiation", close="2026-12-01")
    do.open("100", stage="lead", close="2027-01-01")
    do.open("100", stage="lead", close="2027-02-01", owner="Ana")
    months = ["2026-12", "2027-01", "2027-02"]
    by_stage = figures.axes(forecast(crm, Ask(by=("month", "stage"))))
    assert by_stage == (months, ["Lead", "Negotiation"])
    assert figures.axes(forecast(crm, Ask(by=("owner", "month"))))[1] == months


def test_the_sums_of_the_forecast_follow_an_index(crm, do):
    do.open("100")
    query = sql.OPEN_SUMS.replace("{source}", "deal").replace("{filter}", "")
    query = query.replace("{labels}", "").replace("{names}", "")
    values = {"first": "2026-01-01", "last": "2026-12-31", "today": "2026-11-23", "strict": False}
    steps = crm.store.reader.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()
    plan = "\n".join(step[3] for step in steps)
    assert "ix_deal_board" in plan
    assert "TEMP B-TREE" not in plan
