"""Own fields: their types, and their values checked and brought to stored form."""

TYPES = ("text", "number", "money", "date", "choice", "multi", "bool", "url")
