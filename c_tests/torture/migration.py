#!/usr/bin/env python3
"""A key store of an earlier version is brought up to this one while processes that do it are killed.

    migration.py ROUNDS PROGRAM

PROGRAM, made from migration.c, opens the store and uses a key. Run by place.py.
"""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

KEYS = 3000
# Columns of the table of keys in each version.
COLUMNS = {1: 11, 2: 13, 3: 14}
STORE = Path(os.environ["PARSEC_TEST_SCRATCH"]) / "keys"
FIRST = Path(__file__).resolve().parents[2] / "tests/data/key-store-1.sql"
SECOND = """
    ALTER TABLE keys ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE keys ADD COLUMN protection INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE intents ADD COLUMN protection INTEGER NOT NULL DEFAULT 0;
    PRAGMA user_version = 2;
"""


def old_store(version):
    """Makes a store of that version, with many keys."""
    shutil.rmtree(STORE)
    STORE.mkdir(mode=0o700)
    database = sqlite3.connect(STORE / "keys.db")
    database.executescript(FIRST.read_text())
    columns = "type, bits, lifetime, usage, algorithm, backend, identity, context, public_key"
    database.executemany(
        f"INSERT INTO keys (namespace, id, {columns}) SELECT namespace, ?, {columns} FROM keys WHERE id = 1",
        [(key,) for key in range(10, KEYS)],
    )
    database.commit()
    if version == 2:
        database.executescript(SECOND)
    database.close()
    (STORE / "keys.db").chmod(0o600)


def found():
    """The version of the store, after checking that it is wholly of that version and has all its keys."""
    database = sqlite3.connect(STORE / "keys.db")
    (version,) = database.execute("PRAGMA user_version").fetchone()
    (columns,) = database.execute("SELECT count(*) FROM pragma_table_info('keys')").fetchone()
    (keys,) = database.execute("SELECT count(*) FROM keys").fetchone()
    assert (columns, keys) == (COLUMNS[version], KEYS - 10 + 2), (version, columns, keys)
    if version == 3:
        (instances,) = database.execute("SELECT count(DISTINCT instance) FROM keys WHERE instance <> 0").fetchone()
        assert instances == keys, instances
        assert database.execute("SELECT count(*) FROM meta WHERE name = 'store.identity'").fetchone() == (1,)
    database.close()
    return version


def main():
    rounds, program = int(sys.argv[1]), [sys.argv[2], str(KEYS - 1)]
    random.seed(77)
    ends = {1: 0, 2: 0, 3: 0}
    for number in range(rounds):
        old_store(1 + number % 2)
        process = subprocess.Popen(program)
        time.sleep(random.uniform(0, 0.03))
        process.kill()
        process.wait()
        ends[found()] += 1
        subprocess.run(program, check=True)
        assert found() == 3
    print(f"{rounds} processes killed that brought up a key store; found as before {ends[1] + ends[2]}, done {ends[3]}")
    assert ends[1] + ends[2] > 0


main()
