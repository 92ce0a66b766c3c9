"""LinkedIn profile addresses and dates."""

import pytest

from crmcli.interchange.linkedin import iso_date, profile


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/in/ana-novak",
        "http://linkedin.com/in/Ana-Novak/",
        "www.linkedin.com/in/ana-novak?trk=x#top",
        "https://si.linkedin.com/in/ana-novak",
    ],
)
def test_one_profile_has_one_address(url):
    assert profile(url) == "https://www.linkedin.com/in/ana-novak"


def test_percent_signs_are_letters():
    assert profile("linkedin.com/in/%C4%8Dopi%C4%8D") == "https://www.linkedin.com/in/čopič"


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("12 Mar 2021", "2021-03-12"),
        ("1 September 2020", "2020-09-01"),
        ("31.12.2020", "31.12.2020"),
        ("12 Foo 2021", "12 Foo 2021"),
    ],
)
def test_dates(text, iso):
    assert iso_date(text) == iso


def test_an_address_that_is_none_is_kept(raws):
    text = "First Name,Last Name,URL,Company,Connected On\nAna,undefined,http://[x,Acme,\n"

    assert raws(text) == [
        {"given_name": "Ana", "name": "Ana", "urls": [("linkedin", "http://[x")], "org": "Acme"}
    ]


def test_a_company_alone_is_not_a_deleted_member(raws):
    text = "First Name,Last Name,Company,Position,Connected On\n,,Acme,,\n"

    assert raws(text) == [{"org": "Acme"}]
