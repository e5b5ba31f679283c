-- A key store as the first version of the tables had it, with one key of each kind and an intent.
-- Its text stays as it is: what was once written has to be read by every later version.
PRAGMA journal_mode = WAL;
CREATE TABLE keys (
    namespace TEXT NOT NULL, id INTEGER NOT NULL,
    type INTEGER NOT NULL, bits INTEGER NOT NULL, lifetime INTEGER NOT NULL,
    usage INTEGER NOT NULL, algorithm INTEGER NOT NULL,
    backend TEXT, identity TEXT NOT NULL, context BLOB NOT NULL, public_key BLOB NOT NULL,
    PRIMARY KEY (namespace, id)
) STRICT;
CREATE TABLE intents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, owner INTEGER NOT NULL, destruction INTEGER NOT NULL,
    namespace TEXT NOT NULL, id INTEGER NOT NULL,
    type INTEGER NOT NULL, bits INTEGER NOT NULL, lifetime INTEGER NOT NULL,
    usage INTEGER NOT NULL, algorithm INTEGER NOT NULL,
    backend TEXT NOT NULL, identity TEXT NOT NULL, reference BLOB NOT NULL
) STRICT;
CREATE INDEX intents_by_id ON intents (namespace, id);
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO keys VALUES ('default', 1, 0x2400, 128, 1, 0x100, 0x04c01000, NULL, '', x'000102030405060708090a0b0c0d0e0f', x'');
INSERT INTO keys VALUES ('default', 2, 0x7112, 256, 1, 0x1000, 0x06000609, 'hsm', 'serial 7', x'636f6e74657874', x'04');
INSERT INTO intents VALUES (1, 77, 0, 'default', 3, 0x7112, 256, 1, 0x1000, 0x06000609, 'hsm', 'serial 7', x'07');
INSERT INTO meta VALUES ('tpm.primary', x'6f6e65');
PRAGMA application_id = 0x5053416b;
PRAGMA user_version = 1;
