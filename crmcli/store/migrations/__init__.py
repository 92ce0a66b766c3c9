"""One Alembic revision for each released format of the database; `store/upgrade.py` runs them.

A revision changes tables and rows only: indices, triggers and views are made again from
schema.sql afterwards. How to write one: docs/upgrading.md.
"""
