"""Twenty's exports: a CSV file per object; what is of several parts is `Emails / Primary Email`.

Headers after Twenty's own guide to its imports, which takes what its exports write; tasks and notes
come out without whom they are about (twenty#14694), so only people and companies are read.
"""

import json
from contextlib import suppress

from crmcli.interchange.fields import Setter
from crmcli.interchange.forms import Form, Slot, keys, table, words
from crmcli.interchange.record import Raw

SOURCE = "twenty"


def _array(slot: Slot) -> Setter:
    """More addresses as a JSON list: `["b@x.si"]`."""

    def put(raw: Raw, cell: str) -> None:
        found: list[object] = [cell]
        with suppress(ValueError):
            parsed = json.loads(cell)
            found = parsed if isinstance(parsed, list) else [cell]
        for item in found:
            value = item.get("number") if isinstance(item, dict) else item
            if value:
                raw.setdefault(slot.label, []).append(("", str(value)))

    return put


_TIMES = {
    "instant:created": "createdat creationdate",
    "ignore": """updatedat lastupdate deletedat
    createdbysource createdbyname createdbyworkspacememberid position searchvector avatarurl""",
}
_PEOPLE = words(
    {
        **_TIMES,
        "id": "id",
        "given_name": "namefirstname firstname namefirst",
        "family_name": "namelastname lastname namelast",
        "email": "emailsprimaryemail primaryemail email",
        "array:emails": "emailsadditionalemails additionalemails",
        "phone": "phonesprimaryphonenumber primaryphonenumber phone",
        "array:phones": "phonesadditionalphones additionalphones",
        "custom": """phonesprimaryphonecallingcode phonesprimaryphonecountrycode intro
            whatsappprimaryphonenumber workpreference performancerating""",
        "title": "jobtitle",
        "locality": "city",
        "url:linkedin": "linkedinlinkprimarylinkurl linkedinprimarylinkurl linkedinlinkurl",
        "url:x": "xlinkprimarylinkurl xprimarylinkurl xlinkurl",
        "org": "companyname company",
        "org_id": "companyid",
    }
)
_COMPANIES = words(
    {
        **_TIMES,
        "id": "id",
        "name": "name",
        "web": "domainnameprimarylinkurl domainnamelinkurl domainname",
        "url:linkedin": "linkedinprimarylinkurl linkedinlinkurl",
        "url:x": "xprimarylinkurl xlinkurl",
        "street": "addressaddressstreet1 addressstreet1 addressaddress1",
        "extended": "addressaddressstreet2 addressstreet2 addressaddress2",
        "locality": "addressaddresscity addresscity",
        "region": "addressaddressstate addressstate",
        "postal_code": "addressaddresspostcode addresspostcode addresspostalcode",
        "country": "addressaddresscountry addresscountry",
        "custom": """employees annualrecurringrevenueamount annualrecurringrevenueamountmicros
            annualrecurringrevenuecurrencycode annualrecurringrevenuecurrency idealcustomerprofile
            tagline introvideoprimarylinkurl""",
    }
)
_SPECIALS = {"array": _array}
PRESET = table(
    SOURCE,
    [
        Form(
            SOURCE,
            "contact",
            (
                keys("emailsprimaryemail phonesprimaryphonenumber namefirstname linkedinlinkurl"),
                keys("namefirstname namelastname firstname emailsprimaryemail"),
            ),
            _PEOPLE,
            specials=_SPECIALS,
        ),
        Form(
            SOURCE,
            "org",
            (keys("name"), keys("domainnameprimarylinkurl domainnamelinkurl idealcustomerprofile")),
            _COMPANIES,
            specials=_SPECIALS,
            lacks=keys("firstname lastname"),
        ),
    ],
)
