"""`crm relation`: the words for who is what to whom."""

import typer

from crmcli.cli import CrmCommand, ListCommand, noun_app
from crmcli.context import Context
from crmcli.errors import ConflictError, NotFoundError, UsageError
from crmcli.i18n import tr
from crmcli.rules.relation import Pair, new_pair, read_word
from crmcli.service.record import name_of, record_of
from crmcli.store import relation as store

app = noun_app(
    "Words for relations between people. Bare `crm relation` lists them.",
    "crm relation list\ncrm contact relate ana-novak --as 'referred by' bo-li",
)


@app.command("list", cls=ListCommand, epilog="crm relation list\ncrm relation list --json")
def list_(ctx: typer.Context) -> None:
    """List the words for relations, each with its inverse and how often it is used."""
    crm: Context = ctx.obj
    crm.out.records(store.COLUMNS, store.list_pairs(crm.store.reader))


@app.command(
    "rename",
    cls=CrmCommand,
    epilog="crm relation rename 'manager of' 'boss of'\n"
    "crm relation rename 'mentor of' 'coach of' --inverse 'coached by'",
)
def rename(
    ctx: typer.Context,
    word: str = typer.Argument(..., metavar="WORD", help="The word, such as 'manager of'."),
    new: str = typer.Argument(..., metavar="NEW", help="Its new form."),
    inverse: str = typer.Option("", "--inverse", metavar="WORD", help="The other side's, too."),
) -> None:
    """Give a relation another word, wherever it is used."""
    crm: Context = ctx.obj
    known = store.pairs(crm.store.reader)
    pair, is_inverse = read_word(word, "", known)
    if inverse and is_inverse:
        raise ConflictError(
            tr("{word!r} is an inverse", word=word), tr("rename {name!r} instead", name=pair.name)
        )
    others = [one for one in known if one != pair]
    if pair.is_symmetric and not inverse:
        renamed = new_pair(new, new, others)
    elif is_inverse:
        renamed = new_pair(pair.name, new, others)
    else:
        renamed = new_pair(new, inverse or pair.inverse, others)
    crm.write("relation rename", lambda w: store.rename_pair(w, pair, renamed))
    crm.out.say(tr("Renamed {word} to {new}", word=_shown(pair), new=_shown(renamed)))
    if crm.out.is_json:
        rows = store.list_pairs(crm.store.reader)
        crm.out.record(next(row for row in rows if row["name"] == renamed.name))
    elif not crm.out.is_terminal:
        crm.out.lines([renamed.name])


def relate(
    ctx: typer.Context,
    ref: str = typer.Argument(..., metavar="REF", help="Who: id, handle, e-mail, full name."),
    other: str = typer.Argument(..., metavar="OTHER", help="To whom."),
    as_: str = typer.Option("", "--as", metavar="WORD", help="As what, such as 'referred by'."),
    inverse: str = typer.Option("", "--inverse", metavar="WORD", help="The other side's word."),
    drop: bool = typer.Option(False, "--drop", help="Remove it; without --as all between them."),
) -> None:
    """Say what two people are to one another: REF is WORD OTHER.

    `crm relation` lists the words; a new one needs the word of the other side: --inverse.
    """
    crm: Context = ctx.obj
    one, two = (crm.resolve(text, ("contact",))[1] for text in (ref, other))
    if one == two:
        raise UsageError(tr("nobody is related to themselves"))
    if not as_ and not drop:
        raise UsageError(tr("relate needs --as WORD"), tr("such as --as 'referred by'"))
    pair, is_inverse = None, False
    if as_:
        pair, is_inverse = read_word(as_, inverse, store.pairs(crm.store.reader))
    first, second = (two, one) if is_inverse else (one, two)
    if drop:
        count = crm.write(
            "contact relate --drop", lambda w: store.unrelate(w, first, second, pair)
        ).value
        if not count:
            raise NotFoundError(
                tr("they are not related so"), tr("`crm show {ref}` tells how", ref=ref)
            )
    else:
        assert pair is not None
        known = pair
        count = crm.write(
            "contact relate", lambda w: int(store.relate(w, first, second, known))
        ).value
    names = [name_of(crm, ("contact", id)) for id in (one, two)]
    word = f" {as_}" if as_ else ""
    verb = tr("Removed") if drop else tr("Related") if count else tr("Unchanged")
    told = f"{names[0]}{word} {names[1]}" if word else tr(" and ").join(names)
    crm.out.say(f"{verb}: {told}")
    _give(crm, one)


def _give(crm: Context, id: int) -> None:
    """Give a person to the pipe: the reference, or with --json the record and its relations."""
    key = "contact", id
    if crm.out.is_json:
        around = {"relations": store.relations(crm.store.reader, id)}
        crm.out.record(record_of(crm, key) | around)
    elif not crm.out.is_terminal:
        crm.out.lines([f"c{id}"])


def _shown(pair: Pair) -> str:
    return pair.name if pair.is_symmetric else f"{pair.name} / {pair.inverse}"
