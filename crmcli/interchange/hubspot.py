"""HubSpot's exports: contacts, companies and deals; each user chooses the columns.

Headers are the English labels of HubSpot's own properties, or their internal names. None of the
files they were checked with is a certified export: they come from tests of other programs
(design/interchange.md). Ids of companies are kept apart from those of contacts, for HubSpot
counts them apart.
"""

import re

from crmcli.interchange import deals
from crmcli.interchange.fields import Mapper
from crmcli.interchange.forms import KINDS, Form, chosen, keys, person, words
from crmcli.interchange.forms import table as preset
from crmcli.interchange.record import Part, Raw

SOURCE, COMPANIES = "hubspot", "hubspot company"
_STAGES = {
    "subscriber": "subscriber",
    "lead": "lead",
    "qualified": "qualified",
    "marketingqualifiedlead": "qualified",
    "mql": "qualified",
    "salesqualifiedlead": "qualified",
    "sql": "qualified",
    "opportunity": "opportunity",
    "customer": "customer",
    "evangelist": "evangelist",
    "other": "other",
}
_ID = re.compile(r"\d+")
_MANY = re.compile(r"\s*;\s*")


def _person(_mapper: Mapper, raw: Raw) -> list[Part]:
    """Give a contact with where they work.

    `9002;9999`: the first is where they work, all are kept. A name may stand in place of an id,
    and names are joined like ids.
    """
    ids, names = raw.pop("companies", ""), raw.pop("company", "")
    (id, *more_ids), (name, *more_names) = _MANY.split(ids), _MANY.split(names)
    if _ID.fullmatch(id):
        raw["org_external"] = (COMPANIES, id)
    elif id:
        name, more_ids = name or id, more_ids or ([id] if name and name != id else [])
    if name:
        raw["org"] = name
    custom = raw.setdefault("custom", {})
    if more_ids:
        custom["associated_company_ids"] = ids
    if more_names:
        custom["associated_company"] = names
    if not custom:
        del raw["custom"]
    return person(raw)


_PEOPLE = words(
    {
        "id": "recordid contactid hsobjectid vid",
        "given_name": "firstname",
        "family_name": "lastname",
        "prefix": "salutation",
        "email": "email additionalemailaddresses additionalemails hsadditionalemails",
        "email:work": "workemail",
        "phone": "phonenumber phone",
        "phone:mobile": "mobilephonenumber mobilephone",
        "phone:whatsapp": "whatsappphonenumber",
        "phone:fax": "faxnumber fax",
        "title": "jobtitle",
        "company": "associatedcompany primaryassociatedcompany primarycompany companyname company",
        "companies": """primaryassociatedcompanyid associatedcompanyidsprimary associatedcompanyids
            associatedcompanyid""",
        "stage": "lifecyclestage",
        "custom": """leadstatus hsleadstatus originalsource originalsourcetype recordsource
            persona buyingrole timezone membershipnotes legalbasis
            legalbasisforprocessingcontactsdata marketingcontactstatus""",
        "owner": "contactowner hubspotowner owner",
        "instant:created": "createdate createdat",
        "ignore": """lastmodifieddate associateddealids associateddeals numberofassociateddeals
            associatedticketids numassociateddeals""",
        "url": "websiteurl website",
        "url:linkedin": "linkedinurl linkedinbio linkedinprofileurl",
        "street": "streetaddress address",
        "locality": "city",
        "region": "stateregion state",
        "postal_code": "postalcode zip",
        "country": "countryregion country",
        "day:birthday": "dateofbirth",
        "language": "preferredlanguage hslanguage",
        "optout": "unsubscribedfromallemail optedoutofallemail hsemailoptout",
    }
)
_ORGS = words(
    {
        "id": "recordid companyid hsobjectid",
        "name": "companyname name",
        "domain": "companydomainname domain",
        "web": "websiteurl website",
        "phone": "phonenumber phone",
        "owner": "companyowner hubspotowner",
        "instant:created": "createdate createdat",
        "kind": "type",
        "industry": "industry",
        "note": "description aboutus",
        "street": "streetaddress address",
        "extended": "streetaddress2 address2",
        "locality": "city",
        "region": "stateregion state",
        "postal_code": "postalcode zip",
        "country": "countryregion country",
        "custom": """lifecyclestage leadstatus numberofemployees annualrevenue yearfounded timezone
            legalentityaddress parentcompany""",
        "url:linkedin": "linkedincompanypage",
        "ignore": """lastmodifieddate associatedcontactids associatedcontact associatedcontacts
            associateddealids associateddeals numberofassociatedcontacts
            numberofassociateddeals""",
    }
)
_DEALS = words(
    {
        "id": "recordid dealid hsobjectid",
        "name": "dealname",
        "stage": "dealstage",
        "pipeline": "pipeline",
        "amount": "amount",
        "currency": "currency dealcurrencycode currencycode",
        "owner": "dealowner hubspotowner",
        "closes": "closedate",
        "instant:created": "createdate createdat",
        "instant:entered": "dateenteredcurrentstage",
        "companies": """associatedcompanyids associatedcompanyid primaryassociatedcompanyid
            associatedcompanyidsprimary""",
        "company": "associatedcompany associatedcompanies primarycompany",
        "contacts": "associatedcontactids",
        "contact": "associatedcontact associatedcontacts",
        "source": "leadsource dealsource originalsource originaltrafficsource",
        "note": "dealdescription description",
        "reason": "closedlostreason",
        "close_note": "closedwonreason",
        "custom": "dealtype priority",
        "ignore": """lastmodifieddate dealprobability forecastprobability weightedamount
            amountincompanycurrency numberofassociatedcontacts forecastcategory isclosedwon
            isclosed daystoclose""",
    }
)
_OF_PEOPLE = keys(
    """associatedcompany associatedcompanyids associatedcompanyid createdate
    hsleadstatus associatedcompanyidsprimary primaryassociatedcompanyid associateddealids
    hubspotowner numberofassociateddeals marketingcontactstatus originalsource"""
)
_IDS = keys("recordid vid hsobjectid")


_CONTACT_SPECIALS = {"stage": chosen("lifecycle_stage", _STAGES)}
FORMS = (
    Form(
        SOURCE,
        "deal",
        (keys("dealname"), keys("dealstage")),
        _DEALS,
        deals.split_deal(SOURCE, COMPANIES),
        deals.SPECIALS,
    ),
    Form(
        COMPANIES,
        "org",
        (keys("recordid companyid hsobjectid"), keys("companyname companydomainname")),
        _ORGS,
        specials={"kind": chosen("kind", KINDS)},
        lacks=keys("firstname lastname email contactowner dealname noteid"),
    ),
    Form(
        SOURCE,
        "contact",
        (_IDS, keys("firstname lastname email")),
        _PEOPLE,
        _person,
        _CONTACT_SPECIALS,
        lacks=keys("accountname accountid mailingstreet mailingcity isdeleted opportunityname"),
    ),
    Form(
        SOURCE,
        "contact",
        (keys("contactowner lifecyclestage"), _OF_PEOPLE, keys("firstname lastname email")),
        _PEOPLE,
        _person,
        _CONTACT_SPECIALS,
        lacks=keys("accountname accountid mailingstreet mailingcity isdeleted opportunityname"),
    ),
)
PRESET = preset("hubspot", FORMS)
