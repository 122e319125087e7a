"""Secrets stay secret, keys survive restarts and rotation, and nothing is overwritten."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from mailflow.lib.crypto import (
    KEY_FILE,
    CannotUnseal,
    Keys,
    KeysUnusable,
    add_key,
    load_keys,
    new_key,
)


def test_first_start_makes_a_private_key_file(tmp_path):
    keys = load_keys(tmp_path / "keys")
    file = tmp_path / "keys" / KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert load_keys(tmp_path / "keys") == keys
    assert [path.name for path in file.parent.iterdir()] == [KEY_FILE]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(lambda _: load_keys(tmp_path / "keys").masters, range(64)))
    assert len(found) == 1


def test_a_key_file_that_others_can_read_is_closed(tmp_path):
    load_keys(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o644)
    load_keys(tmp_path)
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "nonsense", "c2hvcnQ=", "\x00", "é"])
def test_a_broken_key_file_stops_the_start_and_stays_as_it_is(tmp_path, content):
    (tmp_path / KEY_FILE).write_text(content)
    with pytest.raises(KeysUnusable, match=KEY_FILE):
        load_keys(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == content


def test_a_given_key_is_used_and_no_file_is_made(tmp_path):
    given = base64.b64encode(b"\xfb\xff" * 16).decode()
    assert load_keys(tmp_path, given).masters == (b"\xfb\xff" * 16,)
    assert not list(tmp_path.iterdir())


def test_a_wrong_given_key_says_what_a_key_is(tmp_path):
    with pytest.raises(KeysUnusable, match="openssl rand -base64 32"):
        load_keys(tmp_path, "hunter2")


def test_what_is_sealed_is_unreadable_and_comes_back(tmp_path):
    keys = load_keys(tmp_path)
    sealed = keys.seal("hunter2 é")
    assert "hunter2" not in sealed
    assert keys.unseal(sealed) == "hunter2 é"


@pytest.mark.parametrize("spoil", [lambda s: s[:-4] + "AAAA", lambda s: "", lambda s: "x" + s])
def test_a_changed_secret_is_refused(tmp_path, spoil):
    keys = load_keys(tmp_path)
    with pytest.raises(CannotUnseal):
        keys.unseal(spoil(keys.seal("x")))


def test_after_rotation_old_secrets_open_and_new_ones_use_the_new_key(tmp_path):
    old = load_keys(tmp_path)
    sealed = old.seal("hunter2")
    new = add_key(tmp_path)
    assert load_keys(tmp_path) == new
    assert new.unseal(sealed) == "hunter2"
    assert Keys(new.masters[:1]).unseal(new.reseal(sealed)) == "hunter2"
    with pytest.raises(CannotUnseal):
        old.unseal(new.seal("x"))


def test_each_purpose_has_its_own_key_and_rotation_keeps_the_old_ones(tmp_path):
    old = load_keys(tmp_path)
    new = add_key(tmp_path)
    assert old.derive("reply address") != old.derive("session")
    assert new.derive_all("reply address") == (
        new.derive("reply address"),
        old.derive("reply address"),
    )


def test_keys_do_not_print_themselves():
    key = new_key()
    assert key not in repr(Keys((base64.urlsafe_b64decode(key),)))
