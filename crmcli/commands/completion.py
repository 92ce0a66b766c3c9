"""`crm completion`: the script that lets the Tab key complete commands, options and handles.

The script is static: commands and options stand in it. Handles, tags and views come from the hot
path (`crm completion --words`), never more than fifty, never an error, never a new database. Only
handles are offered, not names: those have spaces.
"""

import typer

from crmcli.cli import COMMANDS, GLOBAL_OPTIONS, CrmCommand, load, verb_app
from crmcli.context import Context
from crmcli.errors import UsageError
from crmcli.i18n import tr

BASH = """\
# crm completion for bash: eval "$(crm completion bash)" in ~/.bashrc
_crm_add() {{  # lines of stdin become candidates; nothing in them is ever run
    local line
    while IFS= read -r line; do
        printf -v line %q "$line"
        COMPREPLY+=("$line")
    done
}}
_crm() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
    local noun="" verb="" word i words="" refs=1
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        case "$word" in
            -*) ;;
            *) if [ -z "$noun" ]; then noun="$word"; elif [ -z "$verb" ]; then verb="$word"; fi ;;
        esac
    done
    case "$before" in
        -t|--tag) _crm_add < <(crm completion --words tags "$current"); return ;;
        -o|--output|--db|--input|--rejects) _crm_add < <(compgen -f -- "$current"); return ;;
        @) _crm_add < <(crm completion --words views "$current"); return ;;
    esac
    case "$noun:$verb:$current" in
        *:@?*|view:show:[!-]*|view:rm:[!-]*|view:show:|view:rm:)
            _crm_add < <(crm completion --words views "$current"); return ;;
    esac
    case "$noun:$verb" in
        :) words="{commands} {options}"; refs="" ;;
{cases}
    esac
    case "$noun:$current" in
        import:-*|backup:-*) ;;
        import:*|backup:*) refs=""; _crm_add < <(compgen -f -- "$current") ;;
        *:-*) refs="" ;;
        attach:*) _crm_add < <(compgen -f -- "$current") ;;
    esac
    [ -z "$refs" ] || _crm_add < <(crm completion --words handles "$current")
    _crm_add < <(compgen -W "$words" -- "$current")
}}
complete -F _crm crm crmcli
"""
ZSH = """\
# crm completion for zsh: eval "$(crm completion zsh)" in ~/.zshrc, after compinit
autoload -U +X bashcompinit && bashcompinit
"""
FISH = """\
# crm completion for fish: crm completion fish | source
function __crm_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l plain
    for word in $words[2..]
        string match -q -- '-*' $word; or set plain $plain $word
    end
    if contains -- $words[-1] -t --tag
        crm completion --words tags $current
        return
    end
    if string match -q -- '@*' $current
        crm completion --words views $current
        return
    end
    if test (count $plain) -eq 0
        string split ' ' '{commands} {options}'
        return
    end
    set -l verb ''
    test (count $plain) -gt 1; and set verb $plain[2]
    switch "$plain[1]:$verb"
{cases}
    end
    string match -q -- '-*' $current; or crm completion --words handles $current
end
complete -c crm -f -a '(__crm_words)'
complete -c crmcli -f -a '(__crm_words)'
"""

app = verb_app()


@app.command(
    "completion",
    cls=CrmCommand,
    epilog="crm completion bash\ncrm completion zsh\ncrm completion fish",
)
def completion_(
    ctx: typer.Context,
    shell: str = typer.Argument("", metavar="SHELL", help="bash, zsh or fish."),
    words: str = typer.Option("", "--words", hidden=True),
) -> None:
    """Print the completion script of your shell; `eval` it in the shell's start-up file."""
    crm: Context = ctx.obj
    if words:
        return  # the hot path answers; here nothing may disturb the shell
    table = _table()
    if shell in ("bash", "zsh"):
        script = BASH.format(**_parts(table, '        {key}) words="{words}"{refs} ;;'))
        crm.out.lines([(ZSH if shell == "zsh" else "") + script.rstrip()], own=True)
    elif shell == "fish":
        cases = "        case '{key}'\n            string split ' ' '{words}'"
        crm.out.lines([FISH.format(**_parts(table, cases)).rstrip()], own=True)
    else:
        hint = tr("one of bash, zsh, fish")
        if shell:
            raise UsageError(tr("unknown shell {shell!r}", shell=shell), hint)
        raise UsageError(tr("completion needs a shell"), hint)


def _table() -> dict[tuple[str, str], list[str]]:
    """Give what may follow each noun and verb: verbs and options."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in COMMANDS:
        command = load(name)
        verbs = getattr(command, "commands", None)
        if verbs is None:
            found[name, ""] = _options(command)
            continue
        found[name, ""] = sorted(verbs)
        for verb, leaf in verbs.items():
            found[name, verb] = _words(leaf)
    return found


def _words(verb: CrmCommand) -> list[str]:
    """Give what may follow a verb: its options, or its own verbs and their options."""
    nested = getattr(verb, "commands", None)
    if nested is None:
        return _options(verb)
    options = {name for leaf in nested.values() for name in _options(leaf)}
    return [*sorted(nested), *sorted(options)]


def _options(command: CrmCommand) -> list[str]:
    """Give the long options of a command, shared ones included."""
    own = [name for param in command.params for name in param.opts if name.startswith("--")]
    shared = [*command.own_options, *GLOBAL_OPTIONS, "--help"]
    names = [name for name in (*own, *shared) if name.startswith("--") and name != "--words"]
    return sorted(dict.fromkeys(names))


def _parts(table: dict[tuple[str, str], list[str]], case: str) -> dict[str, str]:
    """Give the changing parts of a script."""
    lines = []
    for (noun, verb), names in sorted(table.items(), reverse=True):
        pattern = f"{noun}:{verb}" if verb or _has_verbs(table, noun) else f"{noun}:*"
        refs = '; refs=""' if pattern.endswith(":") else ""
        lines.append(case.format(key=pattern, words=" ".join(names), refs=refs))
    return {
        "commands": " ".join(COMMANDS),
        "options": " ".join(name for name in GLOBAL_OPTIONS if name.startswith("--")),
        "cases": "\n".join(lines),
    }


def _has_verbs(table: dict[tuple[str, str], list[str]], noun: str) -> bool:
    return any(key[0] == noun and key[1] for key in table)
