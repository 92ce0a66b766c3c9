"""Close's leads as CSV: a row is a company with its primary contact.

The headers are those of files that users of Close published with their scripts
(`display_name`, `primary_contact_primary_email`, `custom.Source`); Close documents none, and
recommends its JSON for whole migrations. Its times look like `2026-11-23 10:00:00.000000+00:00`.
"""

from crmcli.interchange.fields import Mapper, normal
from crmcli.interchange.forms import Form, key_of, keys, person, table, words
from crmcli.interchange.record import Part, Raw

SOURCE = "close"
_LEADS = words(
    {
        "lead": "id leadid",
        "company": "displayname leadname company companyname",
        "contact_id": "primarycontactid",
        "name": "primarycontactname contactname",
        "given_name": "primarycontactfirstname",
        "family_name": "primarycontactlastname",
        "title": "primarycontacttitle contacttitle",
        "phone": "primarycontactprimaryphone primarycontactotherphones contactphone",
        "email": "primarycontactprimaryemail primarycontactotheremails contactemail",
        "url": "primarycontactprimaryurl primarycontactotherurls",
        "site": "url",
        "about": "description",
        "stage": "statuslabel status",
        "since": "datecreated created",
        "street": "address1 address address1address1",
        "extended": "address2",
        "locality": "city address1city",
        "region": "state address1state",
        "postal_code": "zipcode zip address1zipcode",
        "country": "country address1country",
        "ignore": """statusid createdby createdbyname updatedby updatedbyname dateupdated updated
            primarycontactprimaryphonetype primarycontactprimaryemailtype htmlurl
            lastactivitydate nexttasktext nexttaskdate lastcallnote numcalls numemails
            numopportunities""",
    }
)
_COMPANY = ("lead", "company", "site", "about", "stage", "since")


class _Form(Form):
    """Also takes columns such as `custom.Source`."""

    def target(self, name: str) -> str | None:
        """Give what a header feeds; None when it is unknown."""
        head, dot, key = name.partition(".")
        if dot and head.strip().lower() == "custom":
            return f"custom:{key_of(key)}"
        return self.targets.get(normal(name))


def _lead(mapper: Mapper, raw: Raw) -> list[Part]:
    """Give the person, if there is one, and the company."""
    found = {key: raw.pop(key) for key in _COMPANY if key in raw}
    contact_id = raw.pop("contact_id", None)
    shared: Raw = {key: raw.pop(key) for key in ("custom", "addresses") if key in raw}
    org: Raw = {"name": found.get("company", ""), "note": found.get("about")}
    org |= shared | {"custom": {**shared.get("custom", {})}}
    if stage := found.get("stage"):
        org["custom"]["lead_status"] = stage
    if site := found.get("site"):
        org |= {"domain": site, "urls": [("", site)]}
    if id := found.get("lead"):
        org["external"] = (SOURCE, id)
    if when := mapper.hints.dates.instant(found.get("since", "")):
        org["created"] = when
    org = {key: value for key, value in org.items() if value}
    parts = person(raw)
    if parts:
        raw.setdefault("org", org.get("name", ""))
        if id:
            raw |= {"org_external": (SOURCE, id), "external": (SOURCE, contact_id or f"{id} 1")}
    if org.get("name"):
        parts.append(("org", org))
    return parts


FORM = _Form(
    SOURCE,
    "contact",
    (
        keys("displayname leadname"),
        keys("statuslabel statusid"),
        keys("primarycontactname primarycontactprimaryemail contactname id leadid"),
    ),
    _LEADS,
    _lead,
    lacks=keys("contactowner recordid leadowner"),
)
PRESET = table("close", [FORM])
