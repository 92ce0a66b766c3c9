"""SQL of whose names the program's own words are."""

LONG = "SELECT word FROM name_word"  # of names and nicknames, three letters and more
# Names with a word of one or two letters, which name_word leaves out, or in another script.
SHORT = """
SELECT name FROM (
SELECT name_norm AS name FROM contact UNION ALL SELECT name_norm FROM org
) AS norm
WHERE ' ' || name || ' ' GLOB '*[^a-z0-9][a-z0-9][^a-z0-9]*'
OR ' ' || name || ' ' GLOB '*[^a-z0-9][a-z0-9][a-z0-9][^a-z0-9]*' OR name GLOB '*[^ -~]*'
"""
OTHERS = """
SELECT name FROM handle WHERE NOT is_current UNION ALL SELECT name FROM app_user
UNION ALL SELECT nickname FROM contact WHERE nickname IS NOT NULL
UNION ALL SELECT name FROM deal
"""
