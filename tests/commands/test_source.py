"""`crm source`: names, costs, and what came of them."""

import pytest


@pytest.fixture
def fair(run) -> None:
    run("source", "add", "Fair", "--medium", "event")


def test_sources_with_what_came_of_them(run, fair):
    run("lead", "add", "Ana Novak", "--source", "fair")
    spent = run("source", "cost", "fa", "EUR 1200", "--on", "3.11.", "--note", "the stand")
    assert spent.err == "Spent 1200.00 EUR on Fair, 2026-11-03\n"
    run("source", "cost", "fair", "EUR 0.50")
    run("source", "cost", "fair", "JPY 900")
    run("source", "cost", "fair", "KWD 1.2345", code=2)
    run("source", "cost", "fair", "KWD 1.234")
    assert run("source", "--json").json == [
        {
            "id": 1,
            "name": "Fair",
            "medium": "event",
            "contacts": 1,
            "deals": 0,
            "spent": [
                {"amount": "1200.50", "currency": "EUR"},
                {"amount": "900", "currency": "JPY"},
                {"amount": "1.234", "currency": "KWD"},
            ],
        }
    ]
    assert run("source", "costs", "fair").lines[0] == "2026-11-03\t1200.00 EUR\tthe stand"
    run("undo")
    assert len(run("source", "costs", "fair").lines) == 3


def test_what_is_refused(run, refused, fair):
    refused("source", "add", "FAIR", code=4)
    refused("source", "add", " ", code=3)
    refused("source", "costs", "web", code=1)
    refused("source", "cost", "fair", "0 EUR", code=3)
    refused("source", "cost", "fair", "EUR 5", "--on", "2026-12-24", code=3)
    refused("source", "edit", "fair", code=2)
    run("source", "add", "Fairground")
    refused("source", "costs", "fai", code=4)
    refused("source", "edit", "fairground", "--name", "fair", code=4)


def test_one_is_made_of_two(run, refused, fair):
    run("lead", "add", "Ana Novak", "--source", "the fair")
    run("source", "cost", "the fair", "EUR 10")
    assert "in use" in refused("source", "rm", "the fair", code=4)
    run("source", "rm", "the fair", "--into", "fair")
    assert run("source", "list", "--fields", "name,contacts,spent").lines == ["Fair\t1\t10.00 EUR"]
    run("undo")
    assert run("source", "list", "--fields", "name").lines == ["Fair", "the fair"]


def test_a_renamed_source_is_renamed_everywhere(run, fair):
    run("lead", "add", "Ana Novak", "--source", "fair")
    run("source", "edit", "fair", "--name", "Spring \x1b[31mfair", "--medium", "")
    assert run("contact", "list", "--fields", "source").lines == ["Spring [31mfair"]
