"""What another connection wrote is noticed; what nobody wrote is not."""

import os
import shutil

from crmcli.store.unit import Store
from crmcli.store.watch import Watcher


def add_tag(store: Store, name: str) -> None:
    store.write("tag", lambda w: w.insert("tag", name=name, name_norm=name))


def test_a_write_is_noticed_once(store):
    watcher = Watcher(store.path)
    assert watcher.has_changed()  # it was never looked at
    assert not watcher.has_changed()
    add_tag(store, "a")
    assert watcher.has_changed()
    assert not watcher.has_changed()
    watcher.close()


def test_a_database_that_comes_and_one_that_goes(store):
    watcher = Watcher(store.path + "x")
    assert not watcher.has_changed()
    os.rename(store.path, store.path + "x")
    assert watcher.has_changed()
    assert not watcher.has_changed()
    os.rename(store.path + "x", store.path)
    assert watcher.has_changed()
    assert not watcher.has_changed()
    watcher.close()


def test_another_file_of_the_same_name(store, template, tmp_path):
    watcher = Watcher(store.path)
    watcher.has_changed()
    shutil.copy(template, tmp_path / "other.db")
    os.replace(tmp_path / "other.db", store.path)
    assert watcher.has_changed()
    assert not watcher.has_changed()
    watcher.close()


def test_what_is_no_database_is_left_to_the_readers(tmp_path):
    path = tmp_path / "crm.db"
    path.write_text("not a database")
    assert not Watcher(str(path)).has_changed()
