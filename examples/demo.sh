#!/bin/sh
# The main job on sample data, in a throw-away home: bring in a file, log a call with the next
# step, begin a deal, say how often to be in touch, see the day and the board. Called by `make demo`; CRM is the program.
set -eu
crm=${CRM:-crm}
here=$(dirname "$0")
unset CRM_DB XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME
run() {
    printf '\n$ crm'
    for word in "$@"; do
        case $word in *[!A-Za-z0-9@./_:+-]*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    printf '\n'
    "$crm" "$@"
}
run import "$here/contacts.csv"
run log call ana-novak 'wants a pilot for 20 people' --at 'yesterday 15:00' -n 'today send the offer'
run remind rok-copic '2 days ago' 'ask about the server room'
run remind priya-sharma 'tomorrow 10:00' 'call about January'
run log message tom-oneill 'he moves to Graz' --at '4 months ago'
run cadence set +friend 90d
run deal add 'Server room' --for rok-copic --amount '12k EUR' --close 'in 6 weeks' --stage proposal
run find copic -f table
run contact show ana-novak -f table
run today -f table
run pipeline -f table
cat <<END

That was a throw-away database in $HOME. For the real thing:

  . .venv/bin/activate
  crm import YOUR-CONTACTS.csv --dry-run
  crm tui
  crm --help

To see these people in the full screen first: HOME=$HOME .venv/bin/crm tui
END
