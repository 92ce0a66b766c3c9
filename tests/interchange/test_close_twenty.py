"""Close's leads and Twenty's people and companies."""

from crmcli.clock import Clock


def test_a_lead_of_close_is_a_company_with_its_contact(read_text):
    text = (
        "id,display_name,status_label,url,description,primary_contact_name,primary_contact_title,"
        "primary_contact_primary_phone,primary_contact_primary_email,primary_contact_other_emails,"
        "date_created,custom.Source,num_calls\n"
        "lead_1,Acme,Potential,https://acme.si,Makers,Ana Novak,CTO,+386 1,ana@acme.si,a@x.si,"
        "2026-11-20 10:00:00.000000+00:00,Fair,3\n"
        "lead_2,Beta,Won,,,,,,,,,,\n"
    )
    reading, items = read_text(text, clock=Clock("UTC"))
    assert (reading.preset, reading.noun) == ("close", "contact")
    assert (items[0].noun, items[0].raw) == (
        "contact",
        {
            "name": "Ana Novak",
            "title": "CTO",
            "phones": [("", "+386 1")],
            "emails": [("", "ana@acme.si"), ("", "a@x.si")],
            "org": "Acme",
            "org_external": ("close", "lead_1"),
            "external": ("close", "lead_1 1"),
        },
    )
    acme = {
        "name": "Acme",
        "note": "Makers",
        "custom": {"source": "Fair", "lead_status": "Potential"},
        "domain": "https://acme.si",
        "urls": [("", "https://acme.si")],
        "external": ("close", "lead_1"),
        "created": "2026-11-20T10:00:00Z",
    }
    assert items[0].more == [("org", acme)]
    assert (items[1].noun, items[1].raw["external"]) == ("org", ("close", "lead_2"))
    assert [c.name for c in reading.columns if c.dropped] == ["num_calls"]


def test_people_of_twenty(read_text):
    text = (
        "Id,Name / First Name,Name / Last Name,Emails / Primary Email,Emails / Additional Emails,"
        "Phones / Primary Phone Number,Phones / Primary Phone Calling Code,Job Title,City,"
        "Linkedin / Link URL,Company / Id,Creation date\n"
        'u1,Ana,Novak,ana@acme.si,"[""a@x.si"",""b@x.si""]",40111222,+386,CTO,Ptuj,'
        "linkedin.com/in/a,c1,"
        "2026-11-20T10:00:00.000Z\n"
    )
    reading, items = read_text(text)
    assert reading.preset == "twenty"
    assert items[0].raw == {
        "external": ("twenty", "u1"),
        "given_name": "Ana",
        "family_name": "Novak",
        "name": "Ana Novak",
        "emails": [("", "ana@acme.si"), ("", "a@x.si"), ("", "b@x.si")],
        "phones": [("", "40111222")],
        "custom": {"phones_primary_phone_calling_code": "+386"},
        "title": "CTO",
        "addresses": [{"locality": "Ptuj"}],
        "urls": [("linkedin", "linkedin.com/in/a")],
        "org_external": ("twenty", "c1"),
        "created": "2026-11-20T10:00:00Z",
    }


def test_companies_of_twenty(read_text):
    text = (
        "Id,Name,Domain Name / Link URL,Address / Address Street 1,Address / Address City,"
        "Employees,"
        "Ideal Customer Profile\nc1,Acme,https://acme.si,Trg 1,Ptuj,12,true\n"
    )
    reading, items = read_text(text)
    assert (reading.preset, reading.noun) == ("twenty", "org")
    assert items[0].raw == {
        "external": ("twenty", "c1"),
        "name": "Acme",
        "domain": "https://acme.si",
        "urls": [("", "https://acme.si")],
        "addresses": [{"street": "Trg 1", "locality": "Ptuj"}],
        "custom": {"employees": "12", "ideal_customer_profile": "true"},
    }
