"""People written for other programs come back the same through our own import."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcli.interchange import csv_write, google_write, outlook_write
from crmcli.interchange.read import read
from crmcli.interchange.reading import How
from crmcli.interchange.record import Record
from crmcli.rules.contact import NAME_PARTS, ContactDraft, draft_contact
from crmcli.text import clean, is_ideograph, is_visible

HOSTILE = (
    "Ana\x1b]52;c;x\x07Novak",
    "[/] [bold]x[/bold]",
    'Bo "Bob" O\'Neil',
    "Novak, Ana",
    "a\u202eb",
    "کیان یزدانی",
    "می\u200cخواهم",
    "王小明",
    "Müßig\nZwei",
    "<x>; |y|, z",
    "`id` $HOME # \\",
    "x" * 1_000,
)


def record(raw: dict[str, Any]) -> dict[str, Any]:
    """Give a contact under its names in JSON."""
    draft = draft_contact(raw, "SI", lenient=True)
    given: dict[str, list[dict[str, Any]]] = {"email": [], "phone": [], "url": []}
    for one in draft.channels:
        given[one.kind].append(
            {"label": one.label, "value": one.value, "primary": not given[one.kind]}
        )
    dates = {date.kind: date.text for date in draft.dates}
    return {
        "id": "c1",
        "handle": "ana-novak",
        "name": draft.values["display_name"],
        **{part: draft.values.get(part) for part in NAME_PARTS},
        "org": draft.org,
        "title": draft.title,
        "department": draft.department,
        "emails": given["email"],
        "phones": given["phone"],
        "urls": given["url"],
        "addresses": draft.addresses,
        "birthday": dates.pop("birthday", None),
        "dates": [{"label": kind, "value": text} for kind, text in dates.items()],
        "tags": draft.tags,
        "note": draft.values["note"],
        "custom": draft.custom,
    }


def back(path: Path, text: Iterable[str], preset: str) -> list[ContactDraft]:
    """Write a file and read it as people."""
    path.write_text("".join(text), encoding="utf-8", newline="")
    with read(str(path), How()) as reading:
        items = list(reading)
        assert reading.preset == preset
    assert all(isinstance(item, Record) for item in items), items
    return [draft_contact(item.raw, "SI", lenient=True) for item in items]


def what(draft: ContactDraft, *, labels: bool) -> dict[str, Any]:
    """Give what every format has room for."""
    return {
        "name": draft.values["display_name"],
        "channels": [
            (one.kind, (one.label or "").casefold() if labels else "", one.value_norm)
            for one in draft.channels
        ],
        "org": (draft.org, draft.title, draft.department),
        "note": draft.values["note"],
        "dates": {(date.kind, date.year, date.month, date.day) for date in draft.dates},
        "nickname": draft.values.get("nickname"),
        "addresses": [
            {k: v.casefold() if k == "label" else v for k, v in one.items()}
            for one in draft.addresses
        ],
    }


def _is_plain(text: str) -> bool:
    """Tell whether a text is none of what Google's own format takes apart or leaves out."""
    text = clean(text)
    return bool(text) and is_visible(text) and ":::" not in text and text.lstrip("* ") == text


def _keeps_its_space(name: str) -> bool:
    """Tell whether a name is written again as it was: ideographs are joined without a space."""
    return not (" " in name and all(map(is_ideograph, name.replace(" ", ""))))


texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
).filter(_is_plain)
names = texts.map(clean).filter(_keeps_its_space)
labels = st.sampled_from(["", "work", "home", "other", "mobile"])
mails = st.from_regex(r"[a-z]{1,6}\.[a-z]{1,6}@[a-z]{2,6}\.(si|example)", fullmatch=True)
phones = st.from_regex(r"\+38640[1-9][0-9]{5}", fullmatch=True)
days = st.sampled_from(["1990-05-17", "--02-29", "2000-02-29", "1961-01-01"])


def person(most: int) -> st.SearchStrategy[dict[str, Any]]:
    """Give people with at most so many of each kind."""

    def pairs(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
        return st.lists(st.tuples(labels, values), max_size=most, unique_by=lambda pair: pair[1])

    return st.fixed_dictionaries(
        {"name": names},
        optional={
            "nickname": texts,
            "org": texts,
            "emails": pairs(mails),
            "phones": pairs(phones),
            "note": texts,
            "birthday": days,
        },
    ).flatmap(
        lambda raw: (
            st.just(raw)
            if "org" not in raw
            else st.fixed_dictionaries(
                {key: st.just(value) for key, value in raw.items()} | {"title": texts}
            )
        )
    )


ADDRESS = st.fixed_dictionaries(
    {"street": texts},
    optional=dict.fromkeys(("locality", "region", "postal_code", "country"), texts),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            person(4),
            st.lists(ADDRESS, max_size=2, unique_by=str),
            st.lists(texts.map(clean), max_size=3, unique_by=str.casefold),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_google_gives_the_same_people(tmp_path, people):
    raws = [{**raw, "addresses": places, "tags": tags} for raw, places, tags in people]
    found = back(
        tmp_path / "google.csv",
        google_write.lines(map(record, raws), csv_write.keep),
        "google",
    )
    wanted = [draft_contact(raw, "SI", lenient=True) for raw in raws]
    assert [what(one, labels=True) for one in found] == [what(one, labels=True) for one in wanted]
    assert [one.tags for one in found] == [one.tags for one in wanted]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(person(2), st.lists(ADDRESS, max_size=2)), min_size=1, max_size=4))
def test_outlook_gives_the_same_people(tmp_path, people):
    raws = [{**raw, "addresses": places} for raw, places in people]
    for raw in raws:  # a day without a year has no column
        raw["birthday"] = (raw.get("birthday") or "").replace("--02-29", "")
    found = back(
        tmp_path / "outlook.csv",
        outlook_write.lines(map(record, raws), csv_write.keep),
        "outlook",
    )
    wanted = [draft_contact(raw, "SI", lenient=True) for raw in raws]
    for one, other in zip(found, wanted, strict=True):
        ours, theirs = what(one, labels=False), what(other, labels=False)
        for side in (ours, theirs):
            side["channels"] = sorted(side["channels"])
            side["addresses"] = sorted(
                str({k: v for k, v in place.items() if k != "label"}) for place in side["addresses"]
            )
        assert ours == theirs
