"""Zoho CRM's exports: a file per module, linked by ids that may begin with `zcrm_`.

Accounts, Contacts, Leads, Deals, Notes and Tasks; notes about deals are left out. One column may
hold dates of three styles.
The files it was checked with come from the tests of another program (design/interchange.md).
"""

from crmcli.i18n import mark, tr
from crmcli.interchange import deals
from crmcli.interchange.fields import Mapper
from crmcli.interchange.forms import (
    KINDS,
    Form,
    chosen,
    dated,
    keys,
    lines,
    person,
    words,
)
from crmcli.interchange.forms import table as preset
from crmcli.interchange.record import LeftOut, Part, Raw

SOURCE = "zoho"
_OPEN = ("", "not started", "in progress", "open")
_LEVELS = {"": "", "highest": "1", "high": "2", "normal": "", "low": "8", "lowest": "9"}
_JUNK = ("junklead", "junk")
IS_JUNK = mark("marked as junk")
OF_DEAL = mark("a note about a deal: only those about people and orgs are brought in")
OF_NOTHING = mark("a note that names no record it belongs to")


def bare_id(cell: str) -> str:
    """Give an id without its prefix."""
    return cell.removeprefix("zcrm_")


_SYSTEM = """modifiedtime modifiedby modifiedbyid createdby createdbyid lastactivitytime tag2
    contactownerid accountownerid leadownerid unsubscribedtime unsubscribedmode changelogtime
    lockedtime lockeds layout layoutid recordstatus useractivity"""
_PERSON = {
    "given_name": "firstname",
    "family_name": "lastname",
    "name": "fullname contactname leadname",
    "prefix": "salutation",
    "email": "email secondaryemail",
    "phone": "phone",
    "phone:mobile": "mobile",
    "phone:home": "homephone",
    "phone:other": "otherphone",
    "phone:assistant": "asstphone",
    "phone:fax": "fax",
    "title": "title designation",
    "department": "department",
    "note": "description",
    "tags": "tag tags",
    "instant:created": "createdtime",
    "day:birthday": "dateofbirth",
    "optout": "emailoptout",
    "url": "website",
    "custom": """leadsource leadstatus rating industry annualrevenue noofemployees numberofemployees
        skypeid twitter reportingto assistant vendorname""",
    "ignore": _SYSTEM,
}
_CONTACTS = words(
    {
        **_PERSON,
        "id": "recordid contactid id",
        "org": "accountname",
        "org_id": "accountnameid accountid",
        "owner": "contactowner",
        "street": "mailingstreet",
        "locality": "mailingcity",
        "region": "mailingstate",
        "postal_code": "mailingzip mailingcode",
        "country": "mailingcountry",
        "street:other": "otherstreet",
        "locality:other": "othercity",
        "region:other": "otherstate",
        "postal_code:other": "otherzip othercode",
        "country:other": "othercountry",
    }
)
_LEADS = words(
    {
        **_PERSON,
        "id": "recordid leadid id",
        "org": "company",
        "owner": "leadowner",
        "status": "leadstatus",
        "custom": _PERSON["custom"].replace("leadstatus", ""),
        "street": "street",
        "locality": "city",
        "region": "state",
        "postal_code": "zipcode",
        "country": "country",
    }
)
_ACCOUNTS = words(
    {
        "id": "recordid accountid id",
        "name": "accountname",
        "owner": "accountowner",
        "phone": "phone",
        "phone:fax": "fax",
        "web": "website",
        "kind": "accounttype",
        "industry": "industry",
        "note": "description",
        "tags": "tag tags",
        "instant:created": "createdtime",
        "street:billing": "billingstreet",
        "locality:billing": "billingcity",
        "region:billing": "billingstate",
        "postal_code:billing": "billingcode billingzip",
        "country:billing": "billingcountry",
        "street:shipping": "shippingstreet",
        "locality:shipping": "shippingcity",
        "region:shipping": "shippingstate",
        "postal_code:shipping": "shippingcode shippingzip",
        "country:shipping": "shippingcountry",
        "custom": """accountnumber accountsite parentaccount tickersymbol ownership employees
            noofemployees annualrevenue rating siccode""",
        "ignore": _SYSTEM + " parentaccountid",
    }
)
_DEALS = words(
    {
        "id": "recordid dealid potentialid",
        "name": "dealname potentialname",
        "stage": "stage",
        "pipeline": "pipeline",
        "amount": "amount",
        "currency": "currency",
        "owner": "dealowner potentialowner",
        "closes": "closingdate",
        "instant:created": "createdtime",
        "companies": "accountnameid",
        "company": "accountname",
        "contacts": "contactnameid",
        "contact": "contactname",
        "source": "leadsource",
        "note": "description",
        "reason": "reasonforloss reasonforlosss lossreason",
        "tags": "tag tags",
        "custom": "type nextstep campaignsource",
        "ignore": _SYSTEM
        + """ probability expectedrevenue dealownerid forecastcategory
            salescycleduration overallsalesduration exchangerate campaignsourceid""",
    }
)
_NOTES = words(
    {
        "id": "noteid recordid id",
        "title": "notetitle",
        "body": "notecontent",
        "parent": "parentid parentidid",
        "module": "parentmodule semodule",
        "instant:occurred_at": "createdtime",
        "owner": "noteowner",
        "ignore": "modifiedtime createdby modifiedby parentname",
    }
)


_TASKS = words(
    {
        "id": "recordid taskid id",
        "title": "subject",
        "due": "duedate",
        "state": "status",
        "closed": "closedtime",
        "level": "priority",
        "body": "description",
        "contact": "contactname",
        "contact_id": "contactnameid",
        "account": "accountname relatedto",
        "account_id": "accountnameid relatedtoid",
        "owner": "taskowner",
        "instant:created": "createdtime",
        "ignore": _SYSTEM + " taskownerid module relatedtomodule",
    }
)


def _task(mapper: Mapper, raw: Raw) -> list[Part]:
    """A task of a contact, a lead or an account."""
    dates = mapper.hints.dates
    due, state, level = raw.pop("due", ""), raw.pop("state", ""), raw.pop("level", "")
    closed = dates.instant(raw.pop("closed", ""))
    is_done = state.lower() == "completed"
    day = dates.day(due)
    raw |= {"kind": "todo", "due_on": day}
    if is_done:
        raw |= {"status": "completed", "completed_at": closed or dates.clock.stamp()}
    told = [("", raw.get("body", "")), ("due", "" if day else due)]
    told += [("status", "" if is_done or state.lower() in _OPEN else state)]
    told += [("priority", "" if level.lower() in _LEVELS else level)]
    raw["body"] = lines(told)
    if number := _LEVELS.get(level.lower()):
        raw["priority"] = number
    person_link = _link(raw.pop("contact_id", ""), raw.pop("contact", ""))
    if person_link:
        raw["people"] = [person_link]
    if org_link := _link(raw.pop("account_id", ""), raw.pop("account", "")):
        raw["org"] = org_link
    return [("task", raw)]


def _link(id: str, name: str) -> Raw:
    """Give the link of a record by its id and its name; empty when there is neither."""
    link: Raw = {"external": (SOURCE, bare_id(id))} if id else {}
    return link | ({"name": name} if name else {})


def _lead(_mapper: Mapper, raw: Raw) -> list[Part]:
    """A lead: its status stays readable, and junk stays out."""
    if status := raw.pop("status", ""):
        word = "".join(filter(str.isalnum, status.lower()))
        if word in _JUNK:
            raise LeftOut(tr(IS_JUNK))
        raw.setdefault("custom", {})["lead_status"] = status
    raw["lifecycle_stage"] = "lead"
    return person(raw)


def _note(mapper: Mapper, raw: Raw) -> list[Part]:
    """A note of a contact, a lead or an account."""
    parent, module = raw.pop("parent", ""), raw.pop("module", "").lower()
    if not parent:
        raise ValueError(tr(OF_NOTHING))
    if module.startswith(("deal", "potential")):
        raise LeftOut(tr(OF_DEAL))
    title, body = raw.pop("title", ""), raw.pop("body", "")
    raw |= {"kind": "note", "body": "\n".join(filter(None, (title, body)))}
    link = {"external": (SOURCE, bare_id(parent))}
    if module.startswith("account"):
        raw["org"] = link
    else:
        raw["people"] = [link]
    dated(mapper, raw)
    return [("interaction", raw)]


_ID = keys("recordid")
FORMS = (
    Form(
        SOURCE,
        "task",
        (keys("subject"), keys("duedate"), keys("taskowner relatedto contactnameid")),
        _TASKS,
        _task,
        tidy=bare_id,
        lacks=keys("lastname whoid"),
    ),
    Form(
        SOURCE,
        "interaction",
        (keys("notecontent notetitle"), keys("parentid")),
        _NOTES,
        _note,
    ),
    Form(
        SOURCE,
        "deal",
        (keys("dealname potentialname"), keys("closingdate stage")),
        _DEALS,
        deals.split_deal(SOURCE, tidy=bare_id),
        deals.SPECIALS,
        tidy=bare_id,
        lacks=keys("dealstage"),
    ),
    Form(
        SOURCE,
        "contact",
        (keys("leadowner"), keys("lastname firstname company email")),
        _LEADS,
        _lead,
        tidy=bare_id,
        lacks=keys("accountname opportunityname"),
    ),
    Form(
        SOURCE,
        "org",
        (keys("accountname"), keys("accountowner recordid accountid")),
        _ACCOUNTS,
        specials={"kind": chosen("kind", KINDS)},
        tidy=bare_id,
        lacks=keys(
            """firstname lastname email contactowner billingstateprovince billingzippostalcode
            opportunityname stage lastactivity"""
        ),
    ),
    Form(
        SOURCE,
        "contact",
        (
            _ID,
            keys("lastname firstname email"),
            keys("""accountname
            accountnameid createdtime modifiedtime mailingstreet mailingcity mailingzip mobile"""),
        ),
        _CONTACTS,
        tidy=bare_id,
    ),
)
PRESET = preset("zoho", FORMS)
