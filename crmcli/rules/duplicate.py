"""Who may be one and the same: the score of two people or two orgs, with its reasons.

A score is a sum of points, from 0 to 100 (formulas 4.23). From STOP on a new record is refused
until somebody insists; from QUEUE on a pair is told of and listed by `crm dedupe`. A criterion that
matches more than COMMON others tells nothing: the caller leaves it out.

Every `contact add` loads this: tuples with names take a seventh of the time of dataclasses.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from crmcli.text import fold, is_ideograph, is_word_char

STOP = 90
QUEUE = 60
HIGHEST = 100
COMMON = 20
MOST_UNITS = 12  # words of an org's name that other names are looked for in
SHORTEST_PHONE = 6  # digits
FEW_NAMES = 30  # so many are compared without the library, which takes 9 ms to import
NEAR = 0.92  # Jaro-Winkler of two names from which on they are alike

POINTS = {
    "email": 100,
    "phone": 60,
    "role_email": 40,
    "name": 40,
    "org": 20,
    "domain": 15,
    "birthday": -30,
}
ORG_POINTS = {
    "domain": 100,
    "email": 100,
    "name": 70,
    "contained": 70,
    "phone": 60,
    "role_email": 40,
}
NAMED = frozenset(("name", "contained"))  # an org name hit is always shown
PERSONAL = frozenset(("email", "name"))

IsCommon = Callable[[str], bool]
NONE_IS: IsCommon = frozenset[str]().__contains__

# Mailboxes that belong to an office, not to a person.
ROLES = frozenset(
    """
    abuse accounting accounts admin administration billing biuro bonjour booking bookings
    buchhaltung buero career careers comercial contact contact-us contacto contatti contatto
    customerservice direct direkt donotreply einkauf enquiries export feedback finance general
    hallo hello help helpdesk hostmaster hr info information inquiries inquiry invoice invoices
    jobs kontakt legal mail mailbox marketing media newsletter no-reply nomina noreply office
    orders pisarna post postmaster press presse prodaja purchasing racunovodstvo recepcija
    reception rechnung reservations root sales secretariat sekretariat service shop support team
    uprava vendite ventas verkauf vertrieb webmaster welcome
    """.split()
)
# Mail for everybody: the same domain there tells nothing.
FREE_DOMAINS = frozenset(
    """
    126.com 163.com aim.com amis.net aol.com arcor.de bk.ru bluewin.ch btinternet.com chmail.ir
    comcast.net duck.com email.cz email.si fastmail.com foxmail.com free.fr freemail.hu
    freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com
    hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it icloud.com inbox.com
    inbox.lv inbox.ru interia.pl laposte.net libero.it list.ru live.co.uk live.com live.de
    live.fr live.it mac.com mail.com mail.ru mailbox.org me.com msn.com naver.com o2.pl onet.pl
    orange.fr outlook.com outlook.de outlook.es outlook.fr outlook.it pm.me posteo.de proton.me
    protonmail.ch protonmail.com qq.com rambler.ru rocketmail.com seznam.cz sfr.fr sina.cn
    sina.com siol.net sohu.com t-2.net t-online.de telia.com terra.com.br tiscali.it
    tutanota.com uol.com.br vfemail.net virgilio.it volny.cz wanadoo.fr web.de wp.pl ya.ru
    yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru
    yeah.net ymail.com zoho.com
    """.split()
)

# Legal forms behind a name, and those that stand in front of it; compared without dots and spaces.
_BEHIND = """
    GmbH|gGmbH|mbH|AG|UG|haftungsbeschränkt|KG|KGaA|OHG|GbR|e.K.|e.V.|e.G.|SE|PartG
    Gesellschaft mit beschränkter Haftung|Aktiengesellschaft|Ges.m.b.H.
    Inc|Incorporated|Corp|Corporation|Co|Company|LLC|L.L.C.|LLP|LP|PLC|Ltd|Limited|Ltda|Lda|Pty
    Pvt|Private|Pte|Unlimited|Public Limited Company|Limited Liability Company|CIC
    d.o.o.|j.d.o.o.|d.d.|s.p.|d.n.o.|k.d.|z.o.o.|zavod|zadruga|obrt|a.d.|o.d.|k.d.d.
    д.о.о.|а.д.|д.д.|ООД|ЕООД|ЕАД|АД|ООО|ОАО|ЗАО|ПАО|НАО|АО|ИП|ТОВ|ПрАТ|ПАТ|ТОО
    S.A.|S.A.S.|SASU|S.A.R.L.|EURL|SNC|SCI|SCOP|S.L.|S.L.U.|S.L.L.|S.A.U.|S. Coop.
    S.A. de C.V.|S. de R.L. de C.V.|S. de R.L.|S.A.B. de C.V.|EIRL|Société Anonyme
    S.r.l.|S.r.l.s.|S.p.A.|S.n.c.|S.a.s.|S.a.p.a.|Società per Azioni|SGPS|Unipessoal|EPE|ME|EPP
    B.V.|N.V.|V.O.F.|C.V.|BVBA|SPRL|SCRL|CVBA|VZW|ASBL
    AB|HB|KB|AS|ASA|A/S|ApS|I/S|K/S|IVS|ANS|Oy|Oyj|Ky|Tmi|ehf|hf
    Sp. z o.o.|Spółka z o.o.|sp. k.|sp. j.|sp. p.|P.S.A.|Spółka Akcyjna
    s.r.o.|spol. s r.o.|a.s.|v.o.s.|k.s.|o.p.s.|z.s.|Kft.|Zrt.|Nyrt.|Bt.|Kkt.|SRL|PFA
    A.Ş.|Ltd. Şti.|Şti.|OÜ|SIA|UAB|MB|Tbk|Sdn|Bhd|ΑΕ|ΕΠΕ|ΙΚΕ|ΟΕ|JSC|OJSC|CJSC|PJSC|OOO|ZAO|OAO
    股份有限公司|有限责任公司|有限責任公司|有限公司|公司|株式会社|株式會社|有限会社|合同会社|合資会社
    주식회사|유한회사|با مسئولیت محدود|سهامی خاص|سهامی عام|ذ.م.م|ش.م.م|ش.م.ل|ش.م.ع|בע"מ|จำกัด
"""
_BEFORE = """
    ООО|ОАО|ЗАО|ПАО|НАО|АО|ИП|ТОВ|ПрАТ|ПАТ|ТОО|OOO|ZAO|OAO|UAB|SIA|PT|OÜ|ЕТ
    Общество с ограниченной ответственностью|Акционерное общество
    株式会社|株式會社|有限会社|合同会社|주식회사|유한회사|شرکت|شركة
    مؤسسة|บริษัท|Công ty TNHH|Obrt
"""
_SIGNS = ("(株)", "(有)", "(주)", "(유)")  # ㈱, ㈲ and ㈜, folded
_LONGEST_FORM = 8  # units that the tail of a name is looked at for


class Traits(NamedTuple):
    """What two records are compared by.

    Args:
        name: the folded name.
        emails: in comparable form.
        phones: in E.164, with the extension behind ";".
        orgs: the ids of the orgs a person works at.
        domain: of an org.
        birthday: year (None for unknown), month, day.
    """

    name: str
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    orgs: frozenset[int] = frozenset()
    domain: str | None = None
    birthday: tuple[int | None, int, int] | None = None

    @property
    def mail_domains(self) -> frozenset[str]:
        """Give the domains of the e-mails that are not everybody's."""
        domains = frozenset(email.rpartition("@")[2] for email in self.emails)
        return domains - FREE_DOMAINS - {""}

    @property
    def domains(self) -> frozenset[str]:
        """Give the domains of an org: its own, else those of its e-mails."""
        own = frozenset((self.domain,)) - FREE_DOMAINS if self.domain else frozenset()
        return own or self.mail_domains


class Score(NamedTuple):
    """How much speaks for two records being one, and what does.

    Args:
        points: from 0 to 100.
        reasons: keys of POINTS or ORG_POINTS, the weightiest first.
        stops: whether a new record like this needs somebody to insist.
    """

    points: int
    reasons: tuple[str, ...]
    stops: bool

    @property
    def is_personal(self) -> bool:
        """Tell whether people share more than an office: a name, or an e-mail of their own."""
        return not PERSONAL.isdisjoint(self.reasons)


def score_contacts(one: Traits, other: Traits, is_common: IsCommon = NONE_IS) -> Score:
    """Give how much speaks for two people being one; `is_common` tells domains that say nothing."""
    found = _ways(one, other)
    if are_alike(one.name, other.name):
        found.add("name")
    if one.orgs & other.orgs:
        found.add("org")
    if not all(map(is_common, one.mail_domains & other.mail_domains)):
        found.add("domain")
    if _conflict(one.birthday, other.birthday):
        found.add("birthday")
    score = _sum(found, POINTS)
    return Score(score, _sorted(found, POINTS), score >= STOP)


def score_orgs(one: Traits, other: Traits, is_common: IsCommon = NONE_IS) -> Score:
    """Give how much speaks for two orgs being one; a name hit always stops.

    `is_common` tells domains that say nothing.
    """
    found = _ways(one, other)
    if not all(map(is_common, one.domains & other.domains)):
        found.add("domain")
    first, second = core(one.name), core(other.name)
    if "".join(first) == "".join(second):
        found.add("name")
    elif contains(first, second) or contains(second, first):
        found.add("contained")
    score = _sum(found, ORG_POINTS)
    return Score(score, _sorted(found, ORG_POINTS), score >= STOP or not NAMED.isdisjoint(found))


def _ways(one: Traits, other: Traits) -> set[str]:
    """Give which ways to reach somebody two records share."""
    shared = one.emails & other.emails
    found = {"role_email" if all(map(is_role, shared)) else "email"} if shared else set()
    return found | ({"phone"} if one.phones & other.phones else set())


def _sum(found: Collection[str], points: dict[str, int]) -> int:
    return max(0, min(HIGHEST, sum(points[reason] for reason in found)))


def _sorted(found: Collection[str], points: dict[str, int]) -> tuple[str, ...]:
    return tuple(reason for reason in points if reason in found)


def _conflict(
    one: tuple[int | None, int, int] | None, other: tuple[int | None, int, int] | None
) -> bool:
    """Tell whether two birthdays cannot be the same; an unknown year fits every year."""
    if one is None or other is None:
        return False
    return one[1:] != other[1:] or (one[0] != other[0] and None not in (one[0], other[0]))


def tells(kind: str, norm: str) -> bool:
    """Tell whether an e-mail or a phone as stored can be one: `n/a` and `-` are nobody's."""
    return "@" in norm if kind == "email" else sum(map(str.isdigit, norm)) >= SHORTEST_PHONE


def is_role(email: str) -> bool:
    """Tell whether a mailbox belongs to an office: info@, sales@ …"""
    return email.partition("@")[0].partition("+")[0] in ROLES


def is_free(domain: str) -> bool:
    """Tell whether anybody can have a mailbox at a domain."""
    return domain in FREE_DOMAINS


def are_alike(one: str, other: str) -> bool:
    """Tell whether two folded names are near one another."""
    if one == other:
        return True
    if not _may_be_alike(one, other):
        return False
    from rapidfuzz.distance import JaroWinkler

    return JaroWinkler.similarity(one, other) >= NEAR


def alike_among(named: Sequence[tuple[int, str]], since: int = 0) -> Iterator[tuple[int, int]]:
    """Give the pairs of ids whose folded names are near one another.

    Args:
        named: ids with names, by id.
        since: only pairs whose second id is not below it.
    """
    from itertools import combinations

    are_near = are_alike if len(named) <= FEW_NAMES else _by_library()
    for (one, name), (two, other) in combinations(named, 2):
        if two >= since and are_near(name, other):
            yield one, two


def _by_library() -> Callable[[str, str], bool]:
    """Give `are_alike` without the look by hand, which takes longer for many names."""
    from rapidfuzz.distance import JaroWinkler

    near = JaroWinkler.similarity
    return lambda one, other: bool(near(one, other, score_cutoff=NEAR))


def _may_be_alike(one: str, other: str) -> bool:
    """Tell whether Jaro-Winkler could be high enough, by the letters in common.

    Looking that up by hand spares nearly every command the import of the library.
    """
    if not one or not other:
        return False
    from collections import Counter

    begins = next((n for n in range(4) if one[n : n + 1] != other[n : n + 1]), 4)
    shared = (Counter(one) & Counter(other)).total()
    jaro = (shared / len(one) + shared / len(other) + 1) / 3
    return jaro + 0.1 * begins * (1 - jaro) >= NEAR


@lru_cache(maxsize=1000)
def core(folded: str) -> tuple[str, ...]:
    """Give the words of an org's folded name without its legal form, each ideograph by itself.

    `acme d.o.o.` is acme, 华为技术有限公司 is 华 为 技 术. What is nothing but a form stays.
    """
    behind, before = _forms()
    bare = folded
    for sign in _SIGNS:
        bare = bare.replace(sign, " ")
    units = list(_units(bare) if bare.strip() else _units(folded))
    if "".join(units) in behind | before:
        return tuple(units)
    while size := _form_size(units, behind, at_end=True):
        del units[-size:]
    while size := _form_size(units, before, at_end=False):
        del units[:size]
    return tuple(units) or (folded,)


def contains(whole: Sequence[str], part: Sequence[str]) -> bool:
    """Tell whether the words of `part` stand in `whole` side by side, and say enough."""
    size = len(part)
    return says_enough(part) and any(
        tuple(whole[at : at + size]) == tuple(part) for at in range(len(whole) - size + 1)
    )


def parts(units: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give every run of words of a name that could be the name of another org."""
    units = units[:MOST_UNITS]
    most = len(units)
    for size in range(most, 0, -1):
        for at in range(most - size + 1):
            part = tuple(units[at : at + size])
            if says_enough(part):
                yield part


def says_enough(units: Sequence[str]) -> bool:
    """Tell whether words could be a name: more than one letter, one sign or a number."""
    text = "".join(units)
    return len(text) > 1 and not text.isdigit()


def spelled(units: Sequence[str]) -> str:
    """Give words as they are written: with spaces, but for ideographs."""
    text = ""
    for before, unit in zip(("", *units), units, strict=False):
        apart = before and not (is_ideograph(before[0]) and is_ideograph(unit[0]))
        text += f" {unit}" if apart else unit
    return text


def _form_size(units: Sequence[str], forms: frozenset[str], *, at_end: bool) -> int:
    """Give how many words at one end are a legal form; 0 when nothing would remain."""
    for size in range(min(_LONGEST_FORM, len(units) - 1), 0, -1):
        if "".join(units[-size:] if at_end else units[:size]) in forms:
            return size
    return 0


def _units(folded: str) -> Iterator[str]:
    """Give words of letters and digits, and each ideograph by itself."""
    word = ""
    for char in folded.replace("'", "") + " ":
        if is_word_char(char) and not is_ideograph(char):
            word += char
            continue
        if word:
            yield word
            word = ""
        if is_word_char(char):
            yield char


@lru_cache(maxsize=1)
def _forms() -> tuple[frozenset[str], frozenset[str]]:
    """Give the legal forms that stand behind a name and those before it, as their bare letters."""
    behind, before = (
        frozenset("".join(_units(fold(form))) for form in text.replace("\n", "|").split("|"))
        for text in (_BEHIND, _BEFORE)
    )
    return behind - {""}, before - {""}
