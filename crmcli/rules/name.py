"""A name in the parts that other programs want it in."""

from collections.abc import Mapping
from typing import Any

from crmcli.rules.contact import NAME_PARTS, compose_name
from crmcli.text import is_ideograph

# Chinese and Korean family names of two characters; all others have one.
_DOUBLE = frozenset(
    "欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 司徒 司空 "
    "夏侯 轩辕 軒轅 宇文 长孙 長孫 端木 独孤 獨孤 南宫 南宮 남궁 황보 제갈 사공 선우 독고".split()
)


def parts_of(record: Mapping[str, Any]) -> dict[str, str]:
    """Give the name parts of a contact, "" for what there is not.

    The stored ones, if the name is made of them; else its last word is the family name. Names
    in ideographs begin with the family name.

    Args:
        record: the contact under its names in JSON.
    """
    stored = {part: record.get(part) or "" for part in NAME_PARTS}
    name = record["name"]
    known = stored["given_name"] or stored["family_name"]
    if known and compose_name(stored) == name:
        return stored
    given, family = _split(name)
    changed = {"given_name": given, "additional_name": "", "family_name": family, "suffix": ""}
    return stored | changed


def _split(name: str) -> tuple[str, str]:
    """Give given and family name."""
    words = name.split()
    is_cjk = all(map(is_ideograph, "".join(words)))
    if is_cjk and len(words) == 2:
        return words[1], words[0]
    if is_cjk and len(words) == 1 and len(name) > 1:
        length = 2 if len(name) > 2 and name[:2] in _DOUBLE else _family_length(name)
        return name[length:], name[:length]
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else (name, "")


def _family_length(name: str) -> int:
    """Give how many characters the family name has: in Japan mostly two, elsewhere one."""
    return 2 if len(name) == 4 or any("\u3040" <= char <= "\u30ff" for char in name[1:]) else 1
