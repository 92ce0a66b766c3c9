"""Money: whole minor units with a currency; the one reading of amounts as people write them.

Codes and decimals are those of ISO 4217 (SIX, list one), as Debian's iso-codes has them, with the
codes added since; of the withdrawn ones those that recent amounts may still carry are kept. There
are no floats here.
"""

import re
from dataclasses import dataclass

from crmcli.errors import UsageError
from crmcli.i18n import mark, tr, trn

CODES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN
    BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN
    ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD
    JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP
    TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR
    ZMW ZWG ZWL""".split()
)
# Decimals where they are not two.
DECIMALS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
# Signs that stand for one currency only; $ and ¥ stand for many.
_SIGNS = {"€": "EUR", "£": "GBP", "₽": "RUB", "₹": "INR", "₺": "TRY", "₴": "UAH", "₪": "ILS"}
_SIGNS |= {"₩": "KRW", "₫": "VND", "₦": "NGN", "zł": "PLN", "Kč": "CZK"}
_MANY = ("$", "¥", "￥")
_HINT = mark("write 9000, 9k, 2.5k, EUR 9000 or 9.000,50")
_MOST = 15  # digits: what every program that reads our files can hold

_AMOUNT = re.compile(r"([-+]?)(\d[\d.,' ]*)([kK]?)")
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[.,' ])\d{3}(?:(?P=mark)\d{3})*|\d{1,2}(?:,\d\d)+,\d{3}")
_SPACES = dict.fromkeys([0xA0, 0x2009, 0x202F], " ") | {0x2019: "'", 0x66C: "'", 0x66B: "."}
_SPACES |= {0x2212: "-"}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: 9000.00 EUR is Money(900000, "EUR")."""

    minor: int
    currency: str


def parse(text: str, default: str | None) -> Money:
    """Read an amount as people write it: `9000`, `9k`, `EUR 9000`, `€9000`, `9.000,50`.

    Args:
        text: the amount, with or without its currency.
        default: the currency when none is given.

    Raises:
        UsageError: not an amount, one with two readings or too many decimals, or no currency.
    """
    words, named = _split_currency(text.translate(_SPACES).strip())
    match = _AMOUNT.fullmatch(words)
    if match is None:
        raise UsageError(tr("not an amount: {shown}", shown=_shown(text)), tr(_HINT))
    sign, number, thousand = match.groups()
    currency = named or _default(text, default)
    whole, decimals = _digits(number.strip(), text, dotted=decimals_of(currency) == 3)
    if thousand:
        whole, decimals = whole + decimals[:3].ljust(3, "0"), decimals[3:]
    minor = _minor(whole, decimals, currency, text)
    return Money(-minor if sign == "-" else minor, currency)


def parse_plain(amount: str, currency: str) -> Money:
    """Read an amount as our JSON has it: digits with a point before the decimals.

    Raises:
        UsageError: not such an amount, or an unknown currency.
    """
    match = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?", amount, re.ASCII)
    if match is None:
        raise UsageError(tr("not an amount: {shown}", shown=_shown(amount)), tr("write 9000.50"))
    code = check_currency(currency)
    minor = _minor(match[2], match[3] or "", code, amount)
    return Money(-minor if match[1] else minor, code)


def text(money: Money) -> str:
    """Give `9000.00 EUR`."""
    return f"{amount(money)} {money.currency}"


def json(money: Money) -> dict[str, str]:
    """Give the amount under its names in JSON."""
    return {"amount": amount(money), "currency": money.currency}


def amount(money: Money) -> str:
    """Give the amount with a point and all its decimals, without its currency: `9000.00`."""
    places = decimals_of(money.currency)
    digits = str(abs(money.minor)).rjust(places + 1, "0")
    sign = "-" if money.minor < 0 else ""
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{sign}{whole}.{decimals}" if places else f"{sign}{whole}"


def decimals_of(currency: str) -> int:
    """Give how many decimals a currency has."""
    return DECIMALS.get(currency, 2)


def check_currency(code: str) -> str:
    """Give an ISO 4217 code in capitals; raise UsageError when there is none such."""
    upper = code.strip().upper()
    if upper in CODES:
        return upper
    raise UsageError(
        tr("unknown currency {shown}", shown=_shown(code)),
        tr("three letters, such as EUR (ISO 4217)"),
    )


def plain_number(text: str, *, dotted: bool = False) -> tuple[str, str, str]:
    """Read a number with separators as people write it; give its sign, whole part and decimals.

    Args:
        text: `9000`, `-2,5`, `9.000,50`, `1 234`.
        dotted: a lone point is always the decimal one (`1.234`), as machines write it.

    Raises:
        UsageError: not a number, or one with two readings.
    """
    match = _AMOUNT.fullmatch(text.translate(_SPACES).strip())
    if match is None or match[3]:
        raise UsageError(
            tr("not a number: {shown}", shown=_shown(text)), tr("write 9000, 2.5 or 9.000,50")
        )
    whole, decimals = _digits(match[2].strip(), text, dotted=dotted)
    return match[1].replace("+", ""), whole, decimals


def _split_currency(words: str) -> tuple[str, str | None]:
    """Split a code or sign off either end of an amount; its sign may stand before it: -€5."""
    minus = "-" if words[:1] == "-" else ""
    bare = words.removeprefix("-").strip()
    for sign in (*_SIGNS, *_MANY):
        if bare.startswith(sign) or bare.endswith(sign):
            if sign in _MANY:
                raise UsageError(
                    tr("{sign} stands for many currencies", sign=sign), tr("write USD 9000")
                )
            return minus + bare.removeprefix(sign).removesuffix(sign).strip(), _SIGNS[sign]
    if match := re.fullmatch(r"([A-Za-z]{3}) ?([-+]?\d.*)", bare, re.DOTALL):
        return minus + match[2], check_currency(match[1])
    if match := re.fullmatch(r"(.*[\dkK]) ?([A-Za-z]{3})", bare, re.DOTALL):
        return minus + match[1], check_currency(match[2])
    return minus + bare, None


def _default(text: str, default: str | None) -> str:
    if default:
        return check_currency(default)
    hint = tr("`crm config set currency EUR` sets the usual one; or write EUR 9000")
    raise UsageError(tr("no currency given: {shown}", shown=_shown(text)), hint)


def _digits(number: str, text: str, *, dotted: bool) -> tuple[str, str]:
    """Give whole part and decimals: the last separator, unless it only groups thousands.

    Raises:
        UsageError: `1,234` alone is a thousand and more, or one and a bit.
    """
    marks = [char for char in number if not char.isdigit()]
    if not marks:
        return _plain(number), ""
    last = marks[-1]
    if last in "' " or marks.count(last) > 1:
        return _ungrouped(number, text), ""
    whole, decimals = number.rsplit(last, 1)
    is_lone = len(marks) == 1 and len(decimals) == 3 and 0 < len(whole) < 4 and whole != "0"
    if is_lone and not (dotted and last == "."):
        one, other = f"{whole}{decimals}", f"{whole}.{decimals}"
        shown = decimals if dotted else decimals[:2]
        hint = tr("write {one}, or {whole}.{decimals}", one=one, whole=whole, decimals=shown)
        raise UsageError(
            tr(
                "{text!r} has two readings: {one} or {other}",
                text=text.strip(),
                one=one,
                other=other,
            ),
            hint,
        )
    if not decimals:
        raise UsageError(tr("not an amount: {shown}", shown=_shown(text)), tr(_HINT))
    return _ungrouped(whole, text), _plain(decimals)


def _ungrouped(number: str, text: str) -> str:
    """Give digits without the separators of thousands; they must stand where they belong."""
    if number.isdigit() or _GROUPED.fullmatch(number):
        return _plain("".join(filter(str.isdigit, number)))
    raise UsageError(tr("not an amount: {shown}", shown=_shown(text)), tr(_HINT))


def _plain(digits: str) -> str:
    """Give digits of any script as ASCII."""
    return "".join(str(int(digit)) for digit in digits)


def _minor(whole: str, decimals: str, currency: str, text: str) -> int:
    places = decimals_of(currency)
    if len(decimals.rstrip("0")) > places:
        many = trn("{count} decimal", "{count} decimals", places) if places else tr("no decimals")
        raise UsageError(
            tr("too many decimals: {shown}", shown=_shown(text)),
            tr("{currency} has {many}", currency=currency, many=many),
        )
    digits = whole + decimals[:places].ljust(places, "0")
    if len(digits.lstrip("0")) > _MOST:
        raise UsageError(
            tr("too large an amount: {shown}", shown=_shown(text)),
            tr("at most {most} digits", most=_MOST),
        )
    return int(digits)


def _shown(text: str) -> str:
    return repr(text) if len(text) <= 40 else f"{text[:40]!r}…"
