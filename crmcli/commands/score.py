"""`crm score`: how promising somebody is, by rules of one's own."""

from collections.abc import Iterator, Sequence
from typing import Any

import typer

from crmcli.cli import CrmCommand, ListCommand, NounGroup, make_app, noun_app
from crmcli.commands import common, listing
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.rules.score import Score
from crmcli.service import filter as filters
from crmcli.service import score as service
from crmcli.service.record import Record, record_of
from crmcli.store import score as store


class ScoreGroup(NounGroup):
    """`crm score REF` is `crm score show REF`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `show` before what is no verb."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


class RuleCommand(CrmCommand):
    """A command that takes points: `-10` is no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Write points below zero with the minus sign that is no hyphen."""
        return super().parse_args(ctx, [_unsigned(arg) for arg in args])


def _unsigned(arg: str) -> str:
    is_points = arg[:1] == "-" and arg[1:].isascii() and arg[1:].isdigit()
    return f"\N{MINUS SIGN}{arg[1:]}" if is_points else arg


app = make_app(
    cls=ScoreGroup,
    help="Scores of people, from 0 to 100, by rules of your own: fit and engagement.\n\n"
    "`crm score REF` shows one. Bare `crm score` lists them, the highest first.",
    epilog="crm score ana-novak\ncrm score rule add fit title:CTO +20 --label CTO",
    no_args_is_help=False,
)
rules = noun_app(
    "Rules that give points. Fit: a filter of people. Engagement: a filter of interactions.",
    "crm score rule add fit 'title:CTO' +20 --label CTO\n"
    "crm score rule add engagement 'kind:meeting' +20 --max 3 --decay 90d",
)
app.add_typer(rules, name="rule")
DIMENSION = typer.Argument(..., metavar="fit|engagement", help="Who they are, or what they did.")
LABEL = typer.Option("", "--label", metavar="TEXT", help="How it is called; else its filter.")
MAX = typer.Option(None, "--max", metavar="N", help="So many of the newest count; else one.")
DECAY = typer.Option("", "--decay", metavar="60d", help="Worth nothing when so old; or none.")


@app.command("show", cls=ListCommand, epilog="crm score ana-novak\ncrm score c12 --explain --json")
def show(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Whom."),
    explain: bool = typer.Option(False, "--explain", help="With every rule that gave points."),
) -> None:
    """Show the score of somebody: fit and engagement make 0 to 100, and a grade such as B2.

    The letter tells the fit, the digit the engagement: A and 1 from 30 points, B and 2 from 15.
    """
    crm: Context = ctx.obj
    key = crm.resolve(ref, ("contact",))
    score = service.score_of(crm, key[1])
    person = record_of(crm, key)
    record = {name: person[name] for name in ("id", "handle", "name")} | score.json()
    if explain:
        record["terms"] = score.explained()
    if crm.out.format != "table":
        crm.out.record(record)
        return
    shown = {name: record[name] for name in ("id", "name", "score", "grade")}
    head = tr("{id} {name}: {score}, grade {grade}", **shown)
    crm.out.lines([head, *(term_lines(score) if explain else ())])


def term_lines(score: Score) -> Iterator[str]:
    """Say every term of a score, a line each: points, rule, how often, how old."""
    for term in score.explained():
        value = f"{'+' if term['worth'] >= 0 else ''}{term['worth']}"
        said = [term["rule"], tr(term["dimension"])]
        if term["dimension"] == "engagement":
            times = {"matches": term["matches"], "points": term["points"]}
            ages = ", ".join(map(str, term["ages"]))
            said.append(tr("{matches} x {points}, days old: {ages}", **times, ages=ages))
        if term["decay_days"]:
            said.append(tr("fades in {days} days", days=term["decay_days"]))
        yield f"  {value:>6}  " + "  ".join(said)
    if not score.terms:
        yield "  " + tr("no rule fits; `crm score rule` lists them")


@app.command(
    "list",
    cls=ListCommand,
    epilog="crm score list stage:lead --limit 20\ncrm score list +fair --sort name --csv",
)
def list_(
    ctx: typer.Context,
    terms: list[str] = listing.terms("contact"),
    where: str = listing.WHERE,
    sort: str = typer.Option("-score", "--sort", metavar="FIELD", help="score, name …; or -FIELD."),
    limit: int = listing.LIMIT,
) -> None:
    """List people with their scores, the highest first."""
    crm: Context = ctx.obj
    tree = filters.read(terms, where)
    most = common.page_limit(crm, limit)
    found = service.ranked(crm, listing.condition(crm, "contact", tree), sort, most)
    crm.out.records(store.COLUMNS, found)
    common.say_page(crm, len(found), most, limit, "contact", filtered=tree is not None)
    say_no_rules(crm)


def say_no_rules(crm: Context) -> None:
    """Say on a terminal that scores need rules, while there is none."""
    if crm.out.format == "table" and not service.has_rules(crm):
        crm.out.say(tr("No score rules yet. `crm score rule add --help` shows some."))


@rules.command("list", cls=ListCommand, epilog="crm score rule list\ncrm score rule --json")
def list_rules(ctx: typer.Context) -> None:
    """List the rules."""
    crm: Context = ctx.obj
    crm.out.records(store.RULE_COLUMNS, map(store.rule_json, store.list_rules(crm.store.reader)))
    say_no_rules(crm)


@rules.command(
    "add",
    cls=RuleCommand,
    epilog="crm score rule add fit 'title:CTO' +20 --label CTO\n"
    "crm score rule add fit 'email:gmail' -10 --label 'free mail'\n"
    "crm score rule add engagement 'kind:email direction:in' +10 --max 3 --decay 60d",
)
def add(
    ctx: typer.Context,
    dimension: str = DIMENSION,
    filter: str = typer.Argument(..., metavar="FILTER", help="Of people, or of interactions."),
    points: str = typer.Argument(..., metavar="POINTS", help="Such as +20 or -10."),
    label: str = LABEL,
    most: int = MAX,
    decay: str = DECAY,
) -> None:
    """Add a rule. What fades is worth points x (1 - age / decay): half after half the time."""
    crm: Context = ctx.obj
    raw = {"dimension": dimension, "filter": filter, "points": points}
    raw |= _given(label=label, max_count=_most(most)) | _decay(decay)
    done, unknown = service.add_rule(crm, raw)
    _announce(crm, tr("Added"), done.value, unknown)


@rules.command(
    "edit",
    cls=RuleCommand,
    epilog="crm score rule edit CTO --points +25\ncrm score rule edit 3 --max 5 --decay none",
)
def edit(
    ctx: typer.Context,
    rule: str = typer.Argument(..., metavar="RULE", help="Its id or label."),
    filter: str = typer.Option("", "--filter", metavar="FILTER", help="Another filter."),
    points: str = typer.Option("", "--points", metavar="POINTS", help="Such as +20 or -10."),
    label: str = LABEL,
    most: int = MAX,
    decay: str = DECAY,
) -> None:
    """Change a rule."""
    crm: Context = ctx.obj
    raw = _given(filter=filter, points=points, label=label, max_count=_most(most)) | _decay(decay)
    if not raw:
        raise UsageError(tr("nothing to change"), tr("such as --points +25"))
    done, id, unknown = service.edit_rule(crm, rule, raw)
    _announce(crm, tr("Changed") if done.value else tr("Unchanged"), id, unknown)


@rules.command("rm", cls=CrmCommand, epilog="crm score rule rm CTO\ncrm score rule rm 3")
def rm(
    ctx: typer.Context,
    rule: str = typer.Argument(..., metavar="RULE", help="Its id or label."),
) -> None:
    """Remove a rule; `crm undo` brings it back."""
    crm: Context = ctx.obj
    record = service.remove_rule(crm, rule)
    crm.out.say(tr("Removed the score rule {name}", name=record["label"]))
    if crm.out.is_json:
        crm.out.record(record)


def _announce(crm: Context, verb: str, id: int, unknown: Sequence[str]) -> None:
    for said in unknown:
        crm.out.say(f"crm: {said}")
    rule = store.find_rule(crm.store.reader, str(id))
    crm.out.say(f"{verb} {rule.label}: {tr(rule.dimension)} {rule.points:+d}")
    if crm.out.is_json:
        crm.out.record(store.rule_json(rule))
    elif not crm.out.is_terminal:
        crm.out.lines([str(id)])


def _given(**values: Any) -> Record:
    """Give the values that were given."""
    return {name: value for name, value in values.items() if value not in ("", None)}


def _most(most: int | None) -> str | None:
    return None if most is None else str(most)


def _decay(text: str) -> Record:
    """Give how long it takes to fade, as typed; `none` for never."""
    return {"decay_days": "" if text == "none" else text} if text else {}
