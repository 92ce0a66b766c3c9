"""Folded text per record: the content of the one full-text index (store/dialect.py)."""

from sqlmodel import Field

from crmcli.store.models.base import Row, index, table


class SearchDoc(Row, table=True):
    """What one record can be found by; `text.spaced(text.fold(…))`. `rows.doc_id` gives the id."""

    __tablename__ = "search_doc"

    noun: str = Field(description="contact, org, task or interaction")
    row_id: int
    title: str = Field(description="names; they rank before the body")
    body: str


class NameWord(Row, table=True):
    """A word that names are made of, to be found with one letter wrong; words are never removed."""

    __tablename__ = "name_word"

    word: str = Field(unique=True)
    reversed: str = Field(description="the word backwards, for mistakes in its first half")

    __table_args__ = table(index("ix_name_word_reversed", "reversed"))
