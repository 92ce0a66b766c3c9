"""P10: `crm export contacts` as CSV, against `sqlite3 -csv` of a view with the same columns."""

import shutil
from collections.abc import Sequence
from statistics import median

from bench import data
from bench.measure import FEW, Failed, Installed, alternate, environment, piped, say, spawned
from bench.report import Line

WORK = data.FOLDER / "export"
MORE = 40.0  # MiB above an export of nobody

_JOB = """FROM employment WHERE employment.contact_id = contact.id
AND employment.is_primary = 1 AND employment.ended_on IS NULL"""
_DAY = "coalesce(printf('%04d-', year), '--') || printf('%02d-%02d', month, day)"
_DATES = "FROM important_date WHERE important_date.contact_id = contact.id AND"
_PLACE = "FROM address WHERE address.contact_id = contact.id ORDER BY id LIMIT"
_PARTS = ("label", "street", "extended", "locality", "region", "postal_code", "country")


def _channels(kind: str) -> str:
    return f"""(SELECT group_concat(coalesce(label, '') || ':' || value, '; ') FROM channel
WHERE channel.contact_id = contact.id AND channel.kind = '{kind}')"""


# The columns of our CSV but for own fields, which the people of the bench have none of.
VIEW = f"""
SELECT contact.uid, display_name,
(SELECT org.name FROM org WHERE org.id = (SELECT org_id {_JOB})) AS org,
(SELECT group_concat(tag.name, '; ') FROM tagging JOIN tag ON tag.id = tagging.tag_id
    WHERE tagging.contact_id = contact.id) AS tags,
{_channels("email")} AS emails, {_channels("phone")} AS phones,
(SELECT title {_JOB}) AS title, (SELECT department {_JOB}) AS department, lifecycle_stage,
(SELECT name FROM app_user WHERE app_user.id = contact.owner_id) AS owner,
prefix, given_name, additional_name, family_name, suffix, nickname, language,
{_channels("url")} AS urls,
{", ".join(f"(SELECT {part} {_PLACE} 1) AS address_{part}" for part in _PARTS)},
(SELECT json_group_array(street) FROM (SELECT street {_PLACE} -1 OFFSET 1)) AS more_addresses,
(SELECT {_DAY} {_DATES} kind = 'birthday') AS birthday,
(SELECT group_concat(kind || ':' || {_DAY}, '; ') {_DATES} kind <> 'birthday') AS dates,
(SELECT group_concat(kind || ':' || lead_days) {_DATES} lead_days IS NOT NULL) AS date_leads,
note, cadence_days, cadence_max_days, bumped_on, paused_until_on, do_not_contact, deceased,
created_at, updated_at
FROM contact WHERE archived_at IS NULL ORDER BY contact.id
"""


def measure(crm: Installed, scales: Sequence[str], rounds: int) -> list[Line]:
    """Give the lines of P10.

    Raises:
        Failed: the `sqlite3` shell is not there.
    """
    shell = shutil.which("sqlite3")
    if shell is None:
        raise Failed("P10 needs the sqlite3 shell")
    ratio = Line("P10", "`crm export contacts`, to `sqlite3 -csv` of the same view", target=4)
    cpu = Line("P10", "`crm export contacts`, processor time to the same")
    more = Line("P10", "peak memory above an export of nobody", "MiB", MORE)
    for scale in scales:
        say(f"P10 export of {scale} contacts")
        database = data.database(scale)
        env = environment(WORK / "home", database)
        words = [crm.crm, "export", "contacts", "-o", str(WORK / "people.csv")]
        query = [shell, "-csv", "-header", str(database), VIEW]
        taken = alternate(
            {
                "export": lambda _, words=words, env=env: piped(words, env),
                "view": lambda _, query=query, env=env: piped(query, env),
            },
            max(FEW, rounds // 3),
        )
        ratio.values[scale] = taken["export"] / taken["view"]
        spent = [spawned(words, env) for _ in range(FEW)]
        cpu.values[scale] = median(one.cpu for one in spent) / median(
            spawned(query, env).cpu for _ in range(FEW)
        )
        nobody = spawned(words, environment(WORK / "home", WORK / "none.db"))
        more.values[scale] = max(one.peak for one in spent) - nobody.peak
    shutil.rmtree(WORK, ignore_errors=True)
    return [ratio, cpu, more]
