"""A mail signature or a business card as text: which line is what.

Rules, no guesses: a line is taken for something only by what stands in it (an address, a word such
as Mob., a legal form, a title); what is not understood goes to the note.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crmcli.rules.channel import EMAIL
from crmcli.rules.duplicate import core, is_free
from crmcli.text import clean, fold, is_ideograph, is_visible, is_word_char

Raw = dict[str, Any]


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in text.split())


# Words before a number. What only says that it is one is a signature's, and so at work.
_PHONE_WORDS = {
    "mobile": _words(
        "m mob mobile mobil mobiltelefon mobiltel cell cellphone cellular handy gsm mobitel móvil "
        "movil celular portable cellulare cell. моб мобильный мобильныи сот сотовый 手机 移动电话 "
        "موبایل همراه"
    ),
    "fax": _words("f fax telefax telefaks faks télécopie факс 传真 فکس نمابر دورنگار"),
    "home": _words("home privat private privatno domicile casa doma дом домашний 家 منزل"),
    "work": _words(
        "t p tel tel. telefon telephone telefoon phone ph office direct switchboard büro "
        "durchwahl zentrale bureau téléphone oficina teléfono ufficio telefono pisarna ured "
        "телефон тел раб рабочий офис 电话 座机 办公室 تلفن دفتر work d o"
    ),
}
_PHONE_WORD = {word: label for label, words in _PHONE_WORDS.items() for word in words}
_LABELS = frozenset(_PHONE_WORD) | _words(
    "e email e-mail mail e-pošta epošta eposta courriel correo posta пошта почта 邮箱 电子邮件 "
    "ایمیل رایانامه w web website www url internet splet stran sito site сайт 网址 网站 وبسایت "
    "from von de da od от address adresse naslov adresa dirección indirizzo адрес 地址 نشانی"
)
_TITLES = _words(
    "ceo cto cfo coo cmo cio president chairman chairwoman founder co-founder owner partner "
    "director manager head lead engineer developer consultant sales marketing officer assistant "
    "secretary analyst designer architect lawyer attorney accountant executive representative "
    "geschäftsführer geschäftsführerin leiter leiterin vertrieb inhaber inhaberin prokurist "
    "berater beraterin ingenieur entwickler direktor direktorin einkauf buchhaltung "
    "directeur directrice gérant gérante responsable chef ingénieur commercial associé président "
    "directora gerente jefe jefa responsable ingeniero ingeniera ventas comercial socio "
    "direttore direttrice amministratore responsabile titolare ingegnere consulente venditore "
    "direktorica vodja lastnik lastnica prokurist svetovalec svetovalka komercialist inženir "
    "razvijalec predsednik računovodja voditelj voditeljica vlasnik savjetnik inženjer predsjednik "
    "директор менеджер руководитель начальник инженер специалист бухгалтер консультант "
    "генеральный коммерческий "
    "总经理 经理 董事长 总裁 主任 工程师 销售 主管 总监 "
    "مدیر مدیرعامل رئیس مهندس کارشناس مشاور فروش معاون"
)
_STREETS = re.compile(
    r"str\b|straße|strasse|gasse|weg\b|platz\b|allee|street|road|avenue|\bave\b|\brd\b|\blane\b|"
    r"boulevard|\bblvd\b|square|\bsuite\b|\bfloor\b|\brue\b|\bplace\b|chemin|quai|calle|avenida|"
    r"\bplaza\b|paseo|\bvia\b|viale|piazza|corso|ulica|\bul\b|cesta|\btrg\b|\bpot\b|nabrežje|"
    r"улица|\bул\b|проспект|\bпр\b|шоссе|переулок|路|街|大道|胡同|خیابان|کوچه|بلوار|میدان",
    re.IGNORECASE,
)
_POSTAL = re.compile(r"(?:([A-Z]{1,2})[- ])?(\d{4,6}(?:-\d{3,4})?)\s+([^\W\d][^\d,]*)")
_CLOSINGS = re.compile(
    r"(?:(?:best|kind|warm|many)? ?regards|best wishes|sincerely|cheers|thanks|thank you|"
    r"mit freundlichen grussen|freundliche grusse|viele grusse|beste grusse|mfg|cordialement|"
    r"bien a vous|saludos|un saludo|atentamente|cordiali saluti|distinti saluti|saluti|"
    r"lep pozdrav|lepo pozdravljeni|s spostovanjem|lp|srdacan pozdrav|s postovanjem|pozdrav|"
    r"с уважением|с наилучшими пожеланиями|此致|敬礼|祝好|با احترام|با تشکر)[,.!]*"
)
_URL = re.compile(r"(?:https?://|www\.)[^\s|,;<>]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s|,;<>]*)?\b")
_NUMBER = re.compile(
    r"(?:\+|\(\+?)?\d[\d\s().\-/\u00a0]{4,24}\d(?:\s*(?:ext\.?|x|dw|kl\.?|доб\.?)\s*\d{1,6})?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[|•·●\t]|\s{3,}")
_PARTICLES = _words(
    "de del della der den di da do dos du la le van von vom zu zur ten ter el al bin"
)
_DELIMITER = re.compile(r"[-_=*~\s]{2,}")
LONGEST = 10_000  # characters that are looked at
LONGEST_LINE = 500  # of what a card says


@dataclass(slots=True)
class Proposal:
    """A contact as a text tells of it.

    Args:
        raw: its fields, as `contact add` takes them.
        lines: each line of the text, and what it was taken for.
    """

    raw: Raw
    lines: list[tuple[str, str]] = field(default_factory=list)


def propose(text: str, known: Raw | None = None) -> Proposal:
    """Find a contact in a signature or the text of a card.

    Args:
        text: its lines.
        known: what is known before, from the headers of a mail: name and emails.
    """
    reader = _Reader(dict(known or {}), EMAIL.findall(text[:LONGEST]))
    for line in text[:LONGEST].splitlines():
        if is_visible(plain := clean(line.replace("\t", " | "))):
            reader.take(plain)
    return reader.end()


class _Reader:
    """Takes a text line by line."""

    def __init__(self, raw: Raw, addresses: list[str]) -> None:
        self.raw = raw
        addresses += [address for _, address in raw.get("emails", [])]
        self.firms = {_firm(address) for address in addresses} - {""}
        self.is_behind_town = False  # the part before it was a town
        self.lines: list[tuple[str, str]] = []
        self.notes: list[str] = []
        self.title: list[str] = []
        self.street: list[str] = []
        self.address: dict[str, str] = {}

    def take(self, line: str) -> None:
        """Take a line apart, and say what it was taken for."""
        if _DELIMITER.fullmatch(line) or _CLOSINGS.fullmatch(fold(line)):
            self.lines.append((line, ""))
            return
        if len(line) > LONGEST_LINE:
            self.notes.append(line)
            self.lines.append((line, "note"))
            return
        self.is_behind_town = False
        found: list[str] = []
        for piece in _SEPARATORS.split(line):
            rest = self._ways(piece, found)
            found += [self._token(token) for token in _tokens(rest)]
        kinds = list(dict.fromkeys(found))
        if "note" in kinds:
            self.notes.append(line)
        self.lines.append((line, ", ".join(kinds)))

    def end(self) -> Proposal:
        """Give the contact."""
        raw = self.raw
        if self.street:
            self.address["street"] = ", ".join(self.street)
        if self.address:
            raw["addresses"] = [self.address]
        if self.title and raw.get("org"):
            raw["title"] = ", ".join(self.title)
        elif self.title:  # of no org: there is no job it could be of
            self.notes[:0] = self.title
            self.lines = [(line, kinds.replace("title", "note")) for line, kinds in self.lines]
        if self.notes:
            raw["note"] = "\n".join(self.notes)
        return Proposal(raw, self.lines)

    def _ways(self, piece: str, found: list[str]) -> str:
        """Take out e-mails, web addresses and numbers; give what is left."""
        for address in EMAIL.findall(piece):
            self._add("emails", "", address.strip("."))
            found.append("email")
        piece = EMAIL.sub(" ", piece)
        for url in _URL.findall(piece):
            self._add("urls", "", url.rstrip("./"))
            found.append("url")
        piece = _URL.sub(" ", piece)
        rest, at = "", 0
        for match in _NUMBER.finditer(piece):
            before, number = piece[at : match.start()], match[0].strip(" -/")
            label = _label(before)
            if label is None and not _is_bare_number(piece, match):
                continue
            self._add("phones", label or "", number)
            found.append(f"phone {label}".strip() if label else "phone")
            rest, at = rest + before, match.end()
        return rest + piece[at:]

    def _add(self, key: str, label: str, value: str) -> None:
        values = self.raw.setdefault(key, [])
        if fold(value) not in (fold(known) for _, known in values):
            values.append((label, value))

    def _token(self, token: str) -> str:
        """Take a part of a line that is no way to reach somebody; give what it was taken for."""
        if "name" in self.raw and fold(token) == fold(self.raw["name"]):
            return "name"
        if self._is_org(token):
            self.raw["org"] = token
            return "org"
        if self._is_place(token):
            return "address"
        if not _TITLES.isdisjoint(_bare_words(token)) or any(t in token for t in _CJK_TITLES):
            self.title.append(token)
            return "title"
        if "name" not in self.raw and _is_name(token):
            self.raw["name"] = token
            return "name"
        return "note"

    def _is_org(self, token: str) -> bool:
        """Tell whether a text names the org: by a legal form, or as the e-mail's domain does."""
        if "org" in self.raw:
            return fold(token) == fold(self.raw["org"])
        folded = fold(token)
        letters = "".join(char for char in folded if is_word_char(char))
        if len("".join(core(folded))) < len(letters):
            return True
        return letters in self.firms

    def _is_place(self, token: str) -> bool:
        """Take a postal code with its town, a street with its number, a country behind them."""
        is_behind_town, self.is_behind_town = self.is_behind_town, False
        if is_behind_town and token.replace(" ", "").isalpha():
            self.address["country"] = token
            return True
        if match := _POSTAL.fullmatch(token):
            country, code, town = match.groups()
            self.address |= {"postal_code": code, "locality": town.strip()}
            if country:
                self.address["country"] = country
            self.is_behind_town = True
            return True
        if _STREETS.search(token) and any(map(str.isdigit, token)):
            self.street.append(token)
            return True
        return False


_CJK_TITLES = tuple(title for title in _TITLES if is_ideograph(title[0]))


def _firm(address: str) -> str:
    """Give the letters of the firm that an address is of: `acme` of ana@mail.acme-group.si."""
    domain = address.rpartition("@")[2].casefold()
    stem = domain.rpartition(".")[0].rpartition(".")[2]
    return "" if is_free(domain) else fold(stem.replace("-", ""))


def _tokens(text: str) -> Iterator[str]:
    """Give the parts of a text between commas that are more than labels."""
    for part in re.split(r"[,;，；]", text):
        token = part.strip(" -–—:：/<>()[]\"'")
        words = _bare_words(token)
        if words and not all(word in _LABELS for word in words):
            yield token


def _bare_words(text: str) -> list[str]:
    return [
        word.strip(".:：()")
        for word in fold(text).replace("/", " ").split()
        if word.strip(".:：()")
    ]


def _label(before: str) -> str | None:
    """Give the label that the last words before a number are; None when they are none."""
    words = _bare_words(before.rpartition(",")[2])
    for word in reversed(words):
        if word in _PHONE_WORD:
            labels = {_PHONE_WORD[one] for one in words if one in _PHONE_WORD} - {"work"}
            return labels.pop() if len(labels) == 1 else _PHONE_WORD[word]
    return None


def _is_bare_number(piece: str, match: re.Match[str]) -> bool:
    """Tell whether a number without a word is one to call: +, or 0 in front, by itself."""
    number = match[0].strip()
    size = sum(map(str.isdigit, number))
    if number.startswith(("+", "(+")):
        return 7 <= size <= 15
    alone = not piece[: match.start()].strip(" :") and not piece[match.end() :].strip()
    return alone and number.startswith(("0", "(0")) and 7 <= size <= 15


def _is_name(text: str) -> bool:
    """Tell whether a text can be a person's name: two to four words with capital letters."""
    if any(map(str.isdigit, text)) or "@" in text:
        return False
    if all(map(is_ideograph, text)):
        return 2 <= len(text) <= 4
    words = text.split()
    if not 2 <= len(words) <= 5:
        return False
    named = [word for word in words if fold(word) not in _PARTICLES and not word.endswith(".")]
    return bool(named) and all(_begins_large(word) for word in named)


def _begins_large(word: str) -> bool:
    """Tell whether a word begins with a capital, or is of letters that have none."""
    return word[0].isalpha() and word[0] == word[0].upper()
