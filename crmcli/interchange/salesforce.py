"""Salesforce's exports: reports, with labels, and Data Export or Loader, with names of the API.

Contacts, leads, accounts, opportunities, tasks, events and notes. A report ends with
lines of totals and copyright, which table.py drops. Labels: SuiteCRM's
modules/Import/maps/ImportMapSalesforce.php; names: Salesforce's object reference.
"""

import re

from crmcli.i18n import mark, tr
from crmcli.interchange import deals
from crmcli.interchange.fields import Mapper
from crmcli.interchange.forms import (
    KINDS,
    Form,
    chosen,
    dated,
    digest,
    is_true,
    keys,
    lines,
    person,
    words,
)
from crmcli.interchange.forms import table as preset
from crmcli.interchange.record import LeftOut, Part, Raw

SOURCE = "salesforce"
IS_DELETED = mark("is deleted there")
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_ID = re.compile(r"[A-Za-z0-9]{15}")
_STAGES = {
    "opennotcontacted": "lead",
    "open": "lead",
    "new": "lead",
    "workingcontacted": "lead",
    "working": "lead",
    "contacted": "lead",
    "nurturing": "lead",
    "qualified": "qualified",
    "closedconverted": "qualified",
    "converted": "qualified",
    "closednotconverted": "other",
    "unqualified": "other",
}
_KINDS = {
    **KINDS,
    "customerdirect": "client",
    "customerchannel": "client",
    "channelpartnerreseller": "partner",
    "installationpartner": "partner",
    "technologypartner": "partner",
}
_PRIORITIES = {"": "", "high": "1", "normal": "", "medium": "", "low": "9"}
_OPEN = frozenset(("", "not started", "open"))
_SORTS = frozenset(("", "call", "email", "listemail", "meeting", "task", "event", "log a call"))
_TASK_KINDS = {"call": "call", "email": "email", "meeting": "meeting"}


def long_id(cell: str) -> str:
    """Give an id in its form of 18 characters: a report shows the first 15, a data export all.

    Source: Salesforce help, "What is the difference between 15-digit and 18-digit IDs".
    """
    if not _ID.fullmatch(cell):
        return cell
    marks = (
        sum(char.isupper() << i for i, char in enumerate(cell[at : at + 5])) for at in (0, 5, 10)
    )
    return cell + "".join(_SUFFIX[mark] for mark in marks)


_SYSTEM = """createdbyid lastmodifieddate lastmodifiedbyid systemmodstamp lastactivitydate
    lastvieweddate lastreferenceddate lastcurequestdate lastcuupdatedate ownerid masterrecordid
    photourl jigsaw jigsawcontactid isemailbounced recordtypeid lastmodifiedby createdby
    createdalias lastmodifiedalias cleanstatus individualid dandbcompanyid geocodeaccuracy
    lastactivity
    mailinggeocodeaccuracy othergeocodeaccuracy billinggeocodeaccuracy shippinggeocodeaccuracy"""
_PERSON = {
    "deleted": "isdeleted",
    "given_name": "firstname",
    "additional_name": "middlename",
    "family_name": "lastname",
    "name": "name fullname contactname",
    "suffix": "suffix",
    "prefix": "salutation",
    "title": "title",
    "department": "department",
    "email": "email",
    "phone": "phone businessphone",
    "phone:mobile": "mobilephone mobile",
    "phone:home": "homephone",
    "phone:other": "otherphone",
    "phone:assistant": "assistantphone asstphone",
    "phone:fax": "fax businessfax",
    "note": "description contactdescription",
    "day:birthday": "birthdate",
    "instant:created": "createddate",
    "optout": "hasoptedoutofemail emailoptout",
    "owner": "owner contactowner leadowner ownerfullname contactownerfullname ownername owneralias",
    "url": "website",
    "ignore": _SYSTEM,
}
_CONTACTS = words(
    {
        **_PERSON,
        "id": "id contactid casesafecontactid casesafeid 18digitcontactid",
        "org": "accountname accountnameaccountname companyaccount company",
        "org_id": "accountid casesafeaccountid",
        "street": "mailingstreet mailingaddressline1 mailingaddress",
        "extended": "mailingaddressline2",
        "locality": "mailingcity",
        "region": "mailingstate mailingstateprovince mailingstateprovincetextonly",
        "postal_code": "mailingpostalcode mailingzippostalcode mailingzip",
        "country": "mailingcountry mailingcountrytextonly",
        "street:other": "otherstreet otheraddressline1",
        "locality:other": "othercity",
        "region:other": "otherstate otherstateprovince",
        "postal_code:other": "otherpostalcode otherzippostalcode",
        "country:other": "othercountry",
        "custom": """leadsource assistantname assistant reportstoid reportsto donotcall
            hasoptedoutoffax emailbouncedreason emailbounceddate accountsite level languages""",
    }
)
_LEADS = words(
    {
        **_PERSON,
        "id": "id leadid casesafeleadid",
        "org": "company companyaccount",
        "status": "leadstatus status",
        "street": "street address addressline1",
        "locality": "city",
        "region": "state stateprovince",
        "postal_code": "postalcode zippostalcode",
        "country": "country",
        "custom": """leadsource industry rating annualrevenue numberofemployees noofemployees
            isconverted converteddate convertedcontactid convertedaccountid
            convertedopportunityid donotcall hasoptedoutoffax isunreadbyowner unreadbyowner""",
    }
)
_ACCOUNTS = words(
    {
        "deleted": "isdeleted",
        "id": "id accountid casesafeaccountid",
        "name": "accountname name",
        "kind": "type accounttype",
        "phone": "phone accountphone",
        "phone:fax": "fax accountfax",
        "web": "website",
        "industry": "industry",
        "note": "description accountdescription",
        "owner": "accountowner owner ownerfullname ownername",
        "instant:created": "createddate",
        "street:billing": "billingstreet billingaddressline1",
        "locality:billing": "billingcity",
        "region:billing": "billingstate billingstateprovince",
        "postal_code:billing": "billingpostalcode billingzippostalcode",
        "country:billing": "billingcountry",
        "street:shipping": "shippingstreet shippingaddressline1",
        "locality:shipping": "shippingcity",
        "region:shipping": "shippingstate shippingstateprovince",
        "postal_code:shipping": "shippingpostalcode shippingzippostalcode",
        "country:shipping": "shippingcountry",
        "custom": """accountnumber accountsource site accountsite parentid parentaccount ownership
            tickersymbol rating annualrevenue annualrevenuecurrency numberofemployees employees sic
            sicdesc naicscode yearstarted customerpriority""",
        "ignore": _SYSTEM,
    }
)
_DEALS = words(
    {
        "deleted": "isdeleted",
        "id": "opportunityid id",
        "name": "opportunityname name",
        "stage": "stage stagename",
        "amount": "amount totalamount",
        "currency": "amountcurrency totalamountcurrency currencyisocode opportunitycurrency",
        "owner": "opportunityowner",
        "closes": "closedate",
        "instant:created": "createddate",
        "companies": "accountid",
        "company": "accountname",
        "contacts": "contactid primarycontactid",
        "contact": "primarycontact contactname",
        "source": "leadsource",
        "note": "description",
        "reason": "lossreason closedlostreason lostreason",
        "custom": "nextstep opportunitynextsteps type territoryregion",
        "ignore": _SYSTEM
        + """ probability forecastcategory forecastcategoryname fiscalperiod fiscal
            fiscalyear fiscalquarter isclosed iswon expectedrevenue age""",
    }
)
_ACTIVITIES = words(
    {
        "deleted": "isdeleted",
        "id": "id activityid",
        "subject": "subject",
        "body": "description comments fullcomments",
        "who": "whoid",
        "what": "whatid",
        "org_id": "accountid",
        "status": "status",
        "priority_word": "priority",
        "due": "activitydate duedate date duedateonly",
        "start": "startdatetime activitydatetime start",
        "minutes": "durationinminutes",
        "sort": "tasksubtype type activitytype calltype",
        "completed": "completeddatetime",
        "closed": "isclosed",
        "contact": "contact contactname name",
        "company": "companyaccount accountname account",
        "owner": "assigned assignedto owner",
        "ignore": _SYSTEM + " whocount whatcount isallday isalldayevent isprivate isreminderset",
    }
)
_NOTES = words(
    {
        "deleted": "isdeleted",
        "id": "id noteid",
        "parent": "parentid",
        "title": "title",
        "body": "body",
        "instant:occurred_at": "createddate",
        "ignore": _SYSTEM + " isprivate",
    }
)


def _is_gone(raw: Raw) -> None:
    if is_true(raw.pop("deleted", "")):
        raise LeftOut(tr(IS_DELETED))


def _contact(_mapper: Mapper, raw: Raw) -> list[Part]:
    _is_gone(raw)
    return person(raw)


def _lead(_mapper: Mapper, raw: Raw) -> list[Part]:
    """A lead; the words of its status tell how far they are."""
    _is_gone(raw)
    status = raw.pop("status", "")
    word = "".join(filter(str.isalnum, status.lower()))
    raw["lifecycle_stage"] = _STAGES.get(word, "lead")
    if status:
        raw.setdefault("custom", {})["lead_status"] = status
    return person(raw)


def _account(_mapper: Mapper, raw: Raw) -> list[Part]:
    _is_gone(raw)
    return [("org", raw)] if raw else []


def _links(raw: Raw) -> Raw:
    """Give whom an activity is with, and take that out of the row."""
    links: Raw = {"people": []}
    external = raw.pop("org_external", None)
    company, contact = raw.pop("company", None), raw.pop("contact", None)
    for key in ("who", "what", "parent"):
        id = raw.pop(key, "")
        if id.startswith(("003", "00Q")):
            links["people"].append({"external": (SOURCE, long_id(id)), "name": contact})
        elif id.startswith("001"):
            external = (SOURCE, long_id(id))
    if contact and not links["people"]:
        links["people"].append({"name": contact})
    if external or company:
        links["org"] = {"external": external, "name": company}
    return links


def _activity(mapper: Mapper, raw: Raw) -> list[Part]:
    """What is done with somebody lies on the timeline; what is open, or a chore, is a task."""
    _is_gone(raw)
    dates = mapper.hints.dates
    sort = raw.pop("sort", "").lower()
    status, start, due = raw.pop("status", ""), raw.pop("start", ""), raw.pop("due", "")
    is_closed = is_true(raw.pop("closed", "")) or status.lower() in ("completed", "closed")
    completed, minutes = raw.pop("completed", ""), raw.pop("minutes", "")
    priority, body = raw.pop("priority_word", "").lower(), raw.pop("body", "")
    told = [("", body), ("type", sort if sort not in _SORTS else "")]
    told += [("status", "" if is_closed or status.lower() in _OPEN else status)]
    told += [("priority", priority if priority not in _PRIORITIES else "")]
    subject, body = raw.pop("subject", ""), lines(told)
    raw |= _links(raw)
    raw.setdefault("external", (SOURCE, digest(subject, due, start, str(raw["people"]))))
    kind = "meeting" if start and not sort else _TASK_KINDS.get(sort.removeprefix("log a "), "")
    when = dates.instant(start) or dates.instant(completed) or dates.instant(due)
    is_past = when is not None and when <= dates.clock.stamp()
    if kind and when and (is_closed or start) and is_past:
        raw |= {"kind": kind, "occurred_at": when, "body": lines([("", subject), ("", body)])}
        if minutes.isdigit():
            raw["duration_seconds"] = str(int(minutes) * 60)
        return [("interaction", raw)]
    raw |= {"title": subject, "body": body, "kind": kind or "todo"}
    raw["due_on"] = dates.day(start or due)
    if start and (hour := dates.hour(start)):
        raw |= {"due_time": hour, "tz": dates.clock.zone_name()}
    if level := _PRIORITIES.get(priority):
        raw["priority"] = level
    if is_closed:
        raw |= {"status": "completed", "completed_at": when or dates.clock.stamp()}
    return [("task", raw)]


def _note(mapper: Mapper, raw: Raw) -> list[Part]:
    _is_gone(raw)
    title, body = raw.pop("title", ""), raw.pop("body", "")
    links = _links(raw)
    raw |= {"kind": "note", "body": "\n".join(filter(None, (title, body))), **links}
    dated(mapper, raw)
    return [("interaction", raw)]


def _deal(mapper: Mapper, raw: Raw) -> list[Part]:
    _is_gone(raw)
    return _SPLIT(mapper, raw)


_SPLIT = deals.split_deal(SOURCE, tidy=long_id)
_API = keys("isdeleted ownerid systemmodstamp createddate lastmodifieddate createdbyid id")
_REPORT = keys(
    """accountname leadsource mailingstreet mailingcity mailingstateprovince mailingzippostalcode
    contactid accountid mailingpostalcode mailingstate"""
)
FORMS = (
    Form(
        SOURCE,
        "deal",
        (
            keys("opportunityname stagename"),
            keys("stage stagename closedate amount forecastcategory"),
        ),
        _DEALS,
        _deal,
        deals.SPECIALS,
        tidy=long_id,
        lacks=keys("dealname firstname lastname"),
    ),
    Form(
        SOURCE,
        "task",
        (keys("subject"), keys("whoid whatid companyaccount assigned")),
        _ACTIVITIES,
        _activity,
        tidy=long_id,
        lacks=keys("firstname lastname"),
    ),
    Form(
        SOURCE,
        "interaction",
        (keys("parentid"), keys("body"), keys("title"), _API),
        _NOTES,
        _note,
        tidy=long_id,
        lacks=keys("notetitle lastname"),
    ),
    Form(
        SOURCE,
        "contact",
        (
            keys("lastname firstname"),
            keys("leadstatus isconverted leadowner leadid converteddate unreadbyowner"),
            keys("leadsource company companyaccount ownerid owneralias leadid"),
        ),
        _LEADS,
        _lead,
        tidy=long_id,
        lacks=keys("recordid contactowner lifecyclestage"),
    ),
    Form(
        SOURCE,
        "contact",
        (
            keys("lastname firstname"),
            keys(
                "accountid mailingstreet masterrecordid otherstreet "
                "mailingcity mailingstateprovince mailingzippostalcode accountname"
            ),
            _API | _REPORT,
        ),
        _CONTACTS,
        _contact,
        tidy=long_id,
        lacks=keys("recordid contactnameid"),
    ),
    Form(
        SOURCE,
        "org",
        (
            keys("accountname name"),
            keys(
                """billingstreet billingcity billingstateprovince billingstate accountowner
                accountnumber billingpostalcode billingcountry masterrecordid"""
            ),
        ),
        _ACCOUNTS,
        _account,
        {"kind": chosen("kind", _KINDS)},
        tidy=long_id,
        lacks=keys("recordid firstname lastname opportunityname dealname email accountnameid"),
    ),
)
PRESET = preset("salesforce", FORMS)
