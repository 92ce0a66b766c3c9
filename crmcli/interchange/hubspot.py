"""HubSpot's exports: contacts, companies and deals; each user chooses the columns.

Headers are the English labels of HubSpot's own properties, or their internal names. None of the
files they were checked with is a certified export: they come from tests of other programs
(design/interchange.md). Ids of companies are kept apart from those of contacts, for HubSpot
counts them apart.
"""

import re

from crmcli.interchange.fields import Setter
from crmcli.interchange.forms import KINDS, Form, Slot, chosen, keys, left_out_deal
from crmcli.interchange.forms import table as preset
from crmcli.interchange.forms import words
from crmcli.interchange.record import Raw

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


def _companies(slot: Slot) -> Setter:
    """`9002;9999`: the first is where they work; a name may stand in place of an id."""

    def put(raw: Raw, cell: str) -> None:
        first, *others = _MANY.split(cell)
        if _ID.fullmatch(first):
            raw["org_external"] = (COMPANIES, first)
        elif first:
            raw.setdefault("org", first)
        if others:
            slot.keep(raw, cell)

    return put


def _company_name(slot: Slot) -> Setter:
    """`Acme;Other`: names are joined like ids."""

    def put(raw: Raw, cell: str) -> None:
        raw["org"], *others = _MANY.split(cell)
        if others:
            slot.keep(raw, cell)

    return put


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
        "ignore": """recordid dealid dealname dealstage amount dealowner pipeline closedate createdate
            associatedcompanyids associatedcompany associatedcontactids associatedcontact"""
    }
)
_OF_PEOPLE = keys(
    """contactowner associatedcompany associatedcompanyids associatedcompanyid lifecyclestage
    hsleadstatus associatedcompanyidsprimary primaryassociatedcompanyid associateddealids
    hubspotowner numberofassociateddeals marketingcontactstatus originalsource"""
)
_IDS = keys("recordid contactid vid hsobjectid")


_CONTACT_SPECIALS = {
    "stage": chosen("lifecycle_stage", _STAGES),
    "companies": _companies,
    "company": _company_name,
}
FORMS = (
    Form(SOURCE, "org", (keys("dealname"), keys("dealstage")), _DEALS, left_out_deal),
    Form(
        *(COMPANIES, "org"),
        (keys("recordid companyid hsobjectid"), keys("companyname companydomainname")),
        _ORGS,
        specials={"kind": chosen("kind", KINDS)},
        lacks=keys("firstname lastname email contactowner dealname noteid"),
    ),
    Form(
        *(SOURCE, "contact"),
        (_IDS, keys("firstname lastname email")),
        _PEOPLE,
        specials=_CONTACT_SPECIALS,
    ),
    Form(
        *(SOURCE, "contact"),
        (keys("contactowner lifecyclestage"), _OF_PEOPLE, keys("firstname lastname email")),
        _PEOPLE,
        specials=_CONTACT_SPECIALS,
    ),
)
PRESET = preset("hubspot", FORMS)
