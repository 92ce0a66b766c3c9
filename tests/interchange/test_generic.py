"""Headers in seven languages, `--map`, repeated columns."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crmcli.errors import InvalidError, UsageError
from crmcli.interchange.fields import mapping_of, name_record, normal, parse_mapping, slug
from crmcli.interchange.record import Record, Skip

PERSON = {
    "given_name": "Žiga",
    "family_name": "Čopič",
    "name": "Žiga Čopič",
    "emails": [("", "z@example.com")],
    "phones": [("mobile", "+386 40 000 000")],
    "org": "Acme",
    "title": "Direktor",
    "addresses": [
        {"street": "Trg 1", "locality": "Ptuj", "postal_code": "2250", "country": "Slovenija"}
    ],
    "birthday": "1980-05-17",
    "note": "a\nb",
    "tags": ["vip", "b"],
    "urls": [("", "https://example.com")],
}


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,E-mail,Mobile Phone,Company,Job Title,Street,City,Zip Code,Country,"
        "Birthday,Notes,Tags,Website",
        "first_name,SURNAME,email_address,cell,organisation,Position,Address 1,Town,Postcode,"
        "COUNTRY,Date of Birth,Comment,Categories,Web Page",
        "Vorname,Nachname,E-Mail-Adresse,Handy,Firma,Funktion,Straße,Ort,PLZ,Land,Geburtsdatum,"
        "Bemerkungen,Kategorien,Webseite",
        "Prénom,Nom,Courriel,Téléphone portable,Société,Fonction,Rue,Ville,Code postal,Pays,"
        "Date de naissance,Remarques,Étiquettes,Site web",
        "Nombre,Apellidos,Correo electrónico,Móvil,Empresa,Cargo,Dirección,Ciudad,Código postal,"
        "País,Fecha de nacimiento,Notas,Etiquetas,Sitio web",
        "Nome,Cognome,Indirizzo e-mail,Cellulare,Azienda,Ruolo,Via,Città,CAP,Paese,"
        "Data di nascita,Osservazioni,Etichette,Sito web",
        "Ime,Priimek,E-pošta,Mobilni telefon,Podjetje,Delovno mesto,Ulica,Kraj,Poštna številka,"
        "Država,Datum rojstva,Opombe,Oznake,Spletna stran",
        "Ime,Prezime,E-mail adresa,Mobitel,Tvrtka,Radno mjesto,Ulica,Grad,Poštanski broj,Država,"
        "Datum rođenja,Napomene,Kategorije,Web stranica",
    ],
)
@pytest.mark.parametrize("mark", [",", ";"])
def test_headers_of_seven_languages(raws, header, mark):
    text = (
        header.replace(",", mark)
        + "\n"
        + mark.join(
            [
                "Žiga", "Čopič", "z@example.com", "+386 40 000 000", "Acme", "Direktor", "Trg 1",
                "Ptuj", "2250", "Slovenija", "1980-05-17", '"a\nb"', '"vip, b"',
                "https://example.com",
            ]
        )
    )  # fmt: skip

    assert raws(text) == [PERSON]


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Name;Vorname", "Novak;Ana", {"name": "Ana Novak", "given_name": "Ana",
                                       "family_name": "Novak"}),
        ("Name,First Name,Last Name", "Nana,Ana,Novak",
         {"name": "Nana", "given_name": "Ana", "family_name": "Novak"}),
        ("Ime,Email", "Ana Novak,a@x.si", {"name": "Ana Novak", "emails": [("", "a@x.si")]}),
        ("Title,Name,Job Title", "Dr,Ana,Boss", {"prefix": "Dr", "name": "Ana", "title": "Boss"}),
        ("Title,Name", "Boss,Ana", {"title": "Boss", "name": "Ana"}),
        ("First Name,Middle Name,Last Name,Suffix", "Ana,B.,Novak,PhD",
         {"given_name": "Ana", "additional_name": "B.", "family_name": "Novak", "suffix": "PhD",
          "name": "Ana B. Novak, PhD"}),
        ("Nickname,Email", "Nani,a@x.si",
         {"nickname": "Nani", "name": "Nani", "emails": [("", "a@x.si")]}),
        ("Email,Email 2,Work Email", "a@x.si;b@x.si,c@x.si,d@x.si",
         {"emails": [("", "a@x.si"), ("", "b@x.si"), ("", "c@x.si"), ("work", "d@x.si")]}),
        ("Name,Phone,Work Phone,Home Phone,Fax", "Ana,1,2,3,4",
         {"name": "Ana", "phones": [("", "1"), ("work", "2"), ("home", "3"), ("fax", "4")]}),
        ("Name,Home City,Work City,Home Address,Home Address 2", "Ana,Ptuj,Celje,Trg 1,II",
         {"name": "Ana", "addresses": [
             {"label": "home", "locality": "Ptuj", "street": "Trg 1", "extended": "II"},
             {"label": "work", "locality": "Celje"}]}),
        ("Name,Note,Comments", "Ana,a,b", {"name": "Ana", "note": "a\nb"}),
    ],
)  # fmt: skip
def test_columns_are_seen_together(raws, header, row, expected):
    mark = ";" if ";" in header else ","
    row = row if mark == ";" else ",".join(f'"{cell}"' for cell in row.split(","))

    assert raws(f"{header}\n{row}\n") == [expected]


def test_unknown_columns_are_counted_and_named(read_text):
    reading, items = read_text("Name,Foo,,Bar\nAna,1,x,\nBor,2,,\n")

    assert [item.raw for item in items] == [{"name": "Ana"}, {"name": "Bor"}]
    assert [(c.name, c.target, c.filled, c.dropped) for c in reading.columns] == [
        ("Name", "name", 2, 0),
        ("Foo", None, 2, 2),
        ("column 3", None, 1, 1),
        ("Bar", None, 0, 0),
    ]
    assert reading.notes[0] == (
        "column 'Foo' is not imported (2 values), keep with --map 'Foo=custom:foo'"
    )
    assert len(reading.notes) == 2


def test_reading_twice_counts_once(tmp_path):
    from crmcli.interchange.read import read

    path = tmp_path / "a.csv"
    path.write_text("Name,Email\nAna\n\nBor,b@x.si\n")
    with read(str(path)) as reading:
        assert list(reading) == list(reading)
        assert [column.filled for column in reading.columns] == [2, 1]
        assert (reading.blank, len(reading.notes)) == (1, 1)


def test_a_row_of_unknown_things_only_is_skipped(read_text):
    _, items = read_text("Name,Foo\nAna,\n,7\n")

    assert isinstance(items[0], Record)
    assert items[1] == Skip(3, "holds nobody: no name and no way to reach one", ["", "7"])


def test_a_second_column_for_one_value_is_named(read_text):
    reading, items = read_text("Name,Full Name,Email\nAna,Ana Novak,a@x.si\n")

    assert items[0].raw["name"] == "Ana"
    assert [c.dropped for c in reading.columns] == [0, 1, 0]
    assert "column 'Full Name' is not imported: name comes from another one" in reading.notes


def test_map_overrides_and_adds(raws, read_text):
    text = "Kunde;Foo;Bar;Wohnort;Mail\nAcme;1;2;Ptuj;a@x.si\n"
    options = {"mapping": "Kunde=company, ignore:Foo, BAR=custom:My Bar, wohnort=city:home"}

    assert raws(text, **options) == [
        {
            "org": "Acme",
            "custom": {"my_bar": "2"},
            "addresses": [{"label": "home", "locality": "Ptuj"}],
            "emails": [("", "a@x.si")],
        }
    ]
    reading, _ = read_text(text, **options)
    assert [c.target for c in reading.columns] == [
        "org", "ignore", "custom:my_bar", "locality:home", "email",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("option", "message", "hint"),
    [
        ("Nmae=name", "the file has not: 'Nmae'", "did you mean 'Name'?"),
        ("Name=compny", "no field 'compny'", "did you mean 'company'?"),
        ("Name=custom:", "needs a key", "--map"),
        ("Name", "cannot read 'Name'", "Column=org"),
        ("=name", "cannot read", "Column=org"),
    ],
)
def test_map_that_cannot_be_done(read_text, option, message, hint):
    with pytest.raises(UsageError, match=message) as caught:
        read_text("Name,Email\nAna,a@x.si\n", mapping=option)
    assert hint in caught.value.hint


def test_map_grammar():
    assert parse_mapping('"Last, First=name",a=b=note,X=phone:Work,Y=-') == {
        "Last, First": "name",
        "a=b": "note",
        "X": "phone:Work",
        "Y": "ignore",
    }
    assert parse_mapping(None) == {}


@given(st.dictionaries(st.text("ab =,;:\"'()\n\tč", min_size=1).map(str.strip).filter(bool),
                       st.sampled_from(["name", "email:work", "custom:x", "ignore"])))  # fmt: skip
@example({"Last, First": "name", 'the "best"': "note", "a=b": "org", "two\nlines": "tags"})
def test_mappings_are_written_as_they_are_read(mapping):
    assert parse_mapping(mapping_of(mapping)) == mapping


def test_map_means_the_very_header_first(read_text):
    text = "E-mail,Email,Name\na@x.si,b@x.si,Ana\n"
    reading, _ = read_text(text, mapping="E-mail=note")
    assert [c.target for c in reading.columns] == ["note", "email", "name"]
    reading, _ = read_text(text, mapping="e mail=ignore")  # to nobody's letter: both
    assert [c.target for c in reading.columns] == ["ignore", "ignore", "name"]


def test_a_file_of_companies_only_is_refused(read_text):
    with pytest.raises(InvalidError, match="no column holds a name"):
        read_text("Company,City\nAcme,Ptuj\n")
    reading, items = read_text("Company,City\nAcme,Ptuj\n", unknown=True)
    assert [c.target for c in reading.columns] == ["org", "locality"]
    assert len(items) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "Dear all\nno table\n", "Ana,a@x.si\nBo,b@x.si\n"])
def test_what_is_no_table_is_not_opened_for_mapping_either(read_text, text):
    with pytest.raises(InvalidError):
        read_text(text, unknown=True)


def test_a_table_of_unknown_columns_is_opened_for_mapping(read_text):
    reading, items = read_text("\nHerkunft;Kennung\nMesse;A 12\n", unknown=True)
    assert (reading.header, reading.header_line) == (["Herkunft", "Kennung"], 2)
    assert isinstance(items[0], Skip)


def test_normal_forms():
    assert normal("E-mail 1 - Value*") == normal("e_mail 1 value") == "email1value"
    assert normal("Straße") == "strasse"
    assert slug("Krvna skupina (ABO)") == "krvna_skupina_abo"
    raw = {"suffix": "PhD"}
    name_record(raw)
    assert raw == {"suffix": "PhD"}


@pytest.mark.parametrize(
    "header",
    [
        "Voornaam,Achternaam,E-mailadres,Mobiele telefoon,Bedrijf,Functie,Straat,Plaats,Postcode,"
        "Land,Geboortedatum,Opmerkingen,Trefwoorden,Website",
        "Nome,Sobrenome,Endereço de e-mail,Telemóvel,Empresa,Cargo,Endereço,Cidade,CEP,País,"
        "Data de nascimento,Observações,Etiquetas,Site",
        "Imię,Nazwisko,Adres e-mail,Telefon komórkowy,Nazwa firmy,Stanowisko,Ulica,Miasto,"
        "Kod pocztowy,Kraj,Data urodzenia,Uwagi,Tagi,Strona www",
        "Имя,Фамилия,Эл. почта,Мобильный телефон,Компания,Должность,Адрес,Город,"
        "Почтовый индекс,Страна,Дата рождения,Примечание,Теги,Сайт",
        "名,姓,电子邮箱,手机号码,公司名称,职位,街道,城市,邮政编码,国家,出生日期,备注,标签,网站",
        "名,姓,電子郵件,手機,公司名稱,職稱,地址,城市,郵遞區號,國家,生日,備註,標籤,網站",
        "نام,نام خانوادگی,ایمیل,تلفن همراه,شرکت,سمت,آدرس,شهر,کد پستی,کشور,تاریخ تولد,یادداشت,"
        "برچسب,وب‌سایت",
        "نام,نام خانوادگي,پست الکترونيک,موبايل,شركت,سمت,نشانی,شهر,کدپستی,كشور,تولد,توضيحات,گروه,"
        "سایت",
    ],
)
def test_headers_of_six_more_languages(raws, header):
    row = [
        "Žiga", "Čopič", "z@example.com", "+386 40 000 000", "Acme", "Direktor", "Trg 1", "Ptuj",
        "2250", "Slovenija", "1980-05-17", '"a\nb"', '"vip, b"', "https://example.com",
    ]  # fmt: skip

    assert raws(f"{header}\n{','.join(row)}\n") == [PERSON]


@pytest.mark.parametrize(
    "header", ["ФИО", "Имя", "姓名", "名字", "نام و نام خانوادگی", "نام", "Naam"]
)
def test_whole_names(raws, header):
    assert raws(f"{header},Email\nAna Novak,a@x.si\n")[0]["name"] == "Ana Novak"


def test_birthdays_in_the_order_of_the_user(raws):
    text = "Name,Birthday\nAna,01/02/1980\n"
    assert raws(text)[0]["birthday"] == "01/02/1980"
    assert raws(text, date_order="dmy")[0]["birthday"] == "1980-02-01"
    assert raws("Name,Birthday\nAna,17 May\n")[0]["birthday"] == "17 May"
