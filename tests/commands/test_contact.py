"""`crm contact`."""


def test_add_prints_the_reference_in_a_pipe(run):
    result = run("contact", "add", "Ana Novak", "-e", "ana@acme.si", "--org", "Acme")
    assert result.out == "c1\n"
    assert "Added c1 ana-novak" in result.err
