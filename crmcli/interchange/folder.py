"""A folder whose files hold one record each, as one file: cards (.vcf), mail (.eml, Maildir).

The files are read in the order of their names, each opened when its turn comes.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crmcli.errors import UsageError
from crmcli.i18n import tr
from crmcli.interchange.decode import CHUNK, Opened, open_file
from crmcli.interchange.reading import How, Reading

CARDS = (".vcf", ".vcard")
MAIL = (".eml",)


@dataclass(slots=True)
class Folder:
    """The files of a folder; an `Origin`.

    Args:
        name: its path as given.
        paths: of its files, in order.
    """

    name: str
    paths: list[str]
    encoding: str = ""
    guessed: bool = False

    @property
    def sha256(self) -> str:
        """The SHA-256 of all names and bytes."""
        digest = hashlib.sha256()
        for _, opened in self.files():
            digest.update(os.path.relpath(opened.name, self.name).encode("utf-8", "replace"))
            while chunk := opened.file.read(CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def files(self) -> Iterator[tuple[int, Opened]]:
        """Yield each file with its number, from 1; it is closed when the next one is asked for."""
        for number, path in enumerate(self.paths, 1):
            opened = open_file(path)
            try:
                yield number, opened
            finally:
                opened.close()

    def close(self) -> None:
        """Nothing is open between two files."""


def read_folder(path: str, how: How) -> Reading:
    """Read a folder of cards or of mail.

    Raises:
        UsageError: it holds neither, or both.
    """
    cards, mail = files_in(path, CARDS), sorted([*files_in(path, MAIL), *_maildir(path)])
    if cards and mail:
        raise UsageError(
            tr("{name}: holds both cards and mail", name=path), tr("import them one by one")
        )
    if mail:
        from crmcli.interchange.mail import open_folder

        return open_folder(Folder(path, mail), how)
    if cards:
        from crmcli.interchange import vcard

        return vcard.open_folder(Folder(path, cards), how)
    raise UsageError(
        tr("{name}: is a directory without cards (.vcf) or mail (.eml, Maildir)", name=path),
        tr("name the files in it"),
    )


def files_in(path: str, endings: Sequence[str]) -> list[str]:
    """Give the files with these endings in a folder and below, no hidden ones, in order."""
    return sorted(
        os.path.join(folder, name)
        for folder, names in _walk(path)
        for name in names
        if name.lower().endswith(tuple(endings)) and not name.startswith(".")
    )


def _maildir(path: str) -> list[str]:
    """Give the messages of a Maildir and of the folders inside; what is in tmp is not there yet."""
    return [
        os.path.join(folder, name)
        for folder, names in _walk(path)
        if os.path.basename(folder) in ("cur", "new")
        and all(os.path.isdir(os.path.join(folder, "..", one)) for one in ("cur", "new"))
        for name in names
        if not name.startswith(".") and not name.lower().endswith(MAIL)
    ]


def _walk(path: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder with the names of its regular files."""
    for folder, _, names in os.walk(path):
        yield folder, [name for name in names if os.path.isfile(os.path.join(folder, name))]
