"""Encodings: found, given, refused; files and pipes."""

import hashlib
import io
import os
import sys
import threading
from types import SimpleNamespace

import pytest

from crmcli.errors import InvalidError, UsageError
from crmcli.interchange import decode
from crmcli.interchange.decode import LINE_LIMIT, open_text

SLOVENIAN = "Ime;Priimek;Kraj\nŽiga;Čopič;Šmarje\nMiloš;Đurić;Žalec\nTina;Črnič;Kočevje\n"
CZECH = "Jméno;Příjmení\nJiří;Dvořák\nOndřej;Němec\nŠárka;Růžičková\n"
POLISH = "Imię;Nazwisko\nŁukasz;Wójcik\nMałgorzata;Dąbrowska\nZdzisław;Święcicki\n"
HUNGARIAN = "Név;Város\nErdős Győző;Győr\nSzűcs Ernő;Kőszeg\nTóth Enikő;Gödöllő\n"
GERMAN = "Name;Stadt\nJürgen Müßig;Köln\nBärbel Größer;Düsseldorf\nUwe Förster;Nürnberg\n"
FRENCH = "Nom;Ville\nHélène Lefèvre;Orléans\nGeneviève Brière;Nîmes\nFrançois Forêt;Besançon\n"
RUSSIAN = "Имя;Город\nИван Петров;Москва\nОльга Кузнецова;Тверь\n"
JAPANESE = "名前,住所\n小文字 名無し,東京都\n山田 さくら,大阪市\n"


@pytest.fixture
def found(opened):
    def run(data: bytes, encoding=None):
        source = opened(data, encoding)
        return source.encoding, source.guessed, "".join(source.lines())

    return run


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        pytest.param(SLOVENIAN, "cp1250", id="slovenian-cp1250"),
        pytest.param(SLOVENIAN, "iso8859_2", id="slovenian-iso8859_2"),
        pytest.param(SLOVENIAN, "cp852", id="slovenian-cp852"),
        pytest.param(CZECH, "cp1250", id="czech-cp1250"),
        pytest.param(POLISH, "cp1250", id="polish-cp1250"),
        pytest.param(POLISH, "iso8859_2", id="polish-iso8859_2"),
        pytest.param(HUNGARIAN, "cp1250", id="hungarian-cp1250"),
        pytest.param(GERMAN, "cp1252", id="german-cp1252"),
        pytest.param(FRENCH, "cp1252", id="french-cp1252"),
        pytest.param(FRENCH, "mac_roman", id="french-mac_roman"),
        pytest.param(RUSSIAN, "cp1251", id="russian-cp1251"),
        pytest.param(RUSSIAN, "koi8_r", id="russian-koi8_r"),
        pytest.param(RUSSIAN, "cp866", id="russian-cp866"),
        pytest.param(JAPANESE, "cp932", id="japanese-cp932"),
        pytest.param(JAPANESE, "euc_jp", id="japanese-euc_jp"),
    ],
)
@pytest.mark.parametrize("times", [1, 100], ids=["small", "large"])
def test_a_code_page_is_guessed_by_its_letters(found, text, codec, times):
    head, _, body = text.partition("\n")
    whole = f"{head}\n{body * times}"

    encoding, guessed, read = found(whole.encode(codec))

    assert read == whole
    assert guessed
    assert encoding == codec or whole.encode(codec) == whole.encode(encoding)


@pytest.mark.parametrize("row", ["Niko;Segrè", "Ana;Pallarès", "Jan;Kovač"])
def test_one_undecided_letter_is_refused_with_both_readings(found, row):
    codec = "cp1250" if "č" in row else "cp1252"
    data = f"Name;Surname\nEva;Plain\n{row}\n".encode(codec)

    with pytest.raises(InvalidError) as caught:
        found(data)

    assert ":3: cannot tell the encoding" in caught.value.message
    assert row in caught.value.message
    assert "cp1250" in caught.value.message
    assert "cp1252" in caught.value.message
    assert "--encoding" in caught.value.hint


def test_repeating_a_word_proves_nothing(found):
    data = b"Ime;Priimek\n" + "Jan;Kovač\n".encode("cp1250") * 300

    with pytest.raises(InvalidError, match="cannot tell the encoding"):
        found(data)


def test_a_given_encoding_is_obeyed(found):
    data = "Ime;Priimek\nJan;Kovač\n".encode("cp1250")

    assert found(data, "cp1250") == ("cp1250", False, "Ime;Priimek\nJan;Kovač\n")
    assert "Kovaè" in found(data, "cp1252")[2]


@pytest.mark.parametrize("encoding", ["klingon", "base64", "a\0b", "rot13"])
def test_an_unknown_encoding_is_a_usage_error(found, encoding):
    with pytest.raises(UsageError):
        found(b"Name\nAna\n", encoding)


@pytest.mark.parametrize("encoding", ["undefined", "idna", "punycode", "unicode_escape", "utf-7"])
def test_odd_codecs_raise_our_errors_only(found, encoding):
    try:
        found(b"Name\n\\N\xff\xfe..\n", encoding)
    except (InvalidError, UsageError):
        pass


def test_a_given_encoding_that_does_not_fit_names_the_line(found):
    with pytest.raises(InvalidError, match=r"file\.csv:3: is not utf-8"):
        found(b"Name\nAna\n\xff\n", "utf-8")
    with pytest.raises(InvalidError, match=r"file\.csv:2: is not ascii"):
        found("Name\nŽiga\n".encode(), "ascii")


def test_a_mixed_file_names_the_line_that_is_not_utf8(found):
    data = "Ime\nČopič\nŠmarje\n".encode() + "Žalec č\n".encode("cp1250")

    with pytest.raises(InvalidError, match=r"file\.csv:4: is not UTF-8, though other lines are"):
        found(data)


@pytest.mark.parametrize(
    ("codec", "name", "guessed"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8-sig", False),
        ("utf-16", "utf-16", False),
        ("utf-32", "utf-32", False),
        ("utf-16-le", "utf-16-le", True),
        ("utf-16-be", "utf-16-be", True),
    ],
)
def test_unicode_is_told_by_its_bytes(found, codec, name, guessed):
    text = "Name,Email\nŽiga Čopič,ziga@example.com\n"

    assert found(text.encode(codec)) == (name, guessed, text)


@pytest.mark.parametrize("given", ["utf-8", "utf8", "UTF-16", "utf-16-le"])
def test_a_mark_never_becomes_part_of_the_text(found, given):
    codec = "utf-8-sig" if "8" in given else "utf-16"

    assert found("Name\nŽiga\n".encode(codec), given)[2] == "Name\nŽiga\n"


def test_bytes_past_the_sample_decide_between_like_readings(found):
    data = b"Name\n" + "Jürgen Müßig\nBärbel Köß\n".encode("cp1252") * 15000
    data += "Kostas £5 ¥\n".encode("cp1252")

    assert found(data)[2] == data.decode("cp1252")


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04rest", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (b"<html><body>", "web page"),
        (b"\xef\xbb\xbf\n <!DOCTYPE html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1", "old Excel"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_other_kinds_of_file_are_named(found, start, what):
    with pytest.raises(InvalidError, match=what) as caught:
        found(start)
    assert caught.value.hint


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file(found, data):
    with pytest.raises(InvalidError, match="nothing to import"):
        found(data)


def test_what_is_no_file(tmp_path):
    with pytest.raises(UsageError, match="no such file"):
        open_text(str(tmp_path / "none.csv"))
    with pytest.raises(UsageError, match="is a directory"):
        open_text(str(tmp_path))
    with pytest.raises(UsageError, match="no file name"):
        open_text("a\0b")


def test_stdin_is_spooled(monkeypatch):
    data = "Name\nŽiga\n".encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))

    source = open_text("-")

    assert source.name == "stdin"
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert list(source.lines()) == list(source.lines()) == ["Name\n", "Žiga\n"]
    source.close()


def test_one_end_of_input_is_enough(monkeypatch):
    class Typed(io.BytesIO):
        """Text typed at a terminal, which would wait for more after the first end of input."""

        def read(self, size: int = -1) -> bytes:
            assert self.tell() < len(self.getvalue()), "waits for a second Ctrl-D"
            return super().read(size)

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=Typed(b"Name\nAna\n")))

    source = open_text("-")

    assert list(source.lines()) == ["Name\n", "Ana\n"]
    source.close()


def test_a_fifo_is_read_to_its_end(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"Name\nAna\n",))
    writer.start()
    source = open_text(str(path))
    writer.join()

    assert list(source.lines()) == ["Name\n", "Ana\n"]
    source.close()


def test_no_stdin_at_all(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError):
        open_text("-")


def test_an_open_file_is_read_to_its_end_when_it_is_renamed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Name\n" + "Ana\n" * 50_000)
    source = open_text(str(path))
    lines = source.lines()
    next(lines)
    path.rename(tmp_path / "b.csv")

    assert sum(1 for _ in lines) == 50_000
    source.close()


def test_a_long_line_is_cut_and_its_rest_skipped(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"a\n{'x' * (3 * LINE_LIMIT + 7)}\nb\n{'y' * LINE_LIMIT}\nc\n")
    source = open_text(str(path))

    assert [len(line) for line in source.lines()] == [2, LINE_LIMIT, 2, LINE_LIMIT, 2]
    source.close()


def test_a_character_across_two_chunks(found, monkeypatch):
    monkeypatch.setattr(decode, "CHUNK", 5)

    assert found("Name\nŽšč日本\n".encode())[2] == "Name\nŽšč日本\n"
    with pytest.raises(InvalidError, match=":4: is not utf-8"):
        found(b"Name\r\nAna\r\nBor\r\n\xc5\r\n", "utf-8")
