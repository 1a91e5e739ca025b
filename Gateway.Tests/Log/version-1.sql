-- A file as version 1 wrote it: its schema, and two sessions. Never changed.
PRAGMA journal_mode = WAL;
CREATE TABLE sessions (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id  TEXT    NOT NULL UNIQUE,
    workflow_id TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    last_seq    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    compacted   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE headers (
    session INTEGER PRIMARY KEY,
    header  BLOB NOT NULL
) STRICT;
CREATE TABLE events (
    session INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    frame   BLOB    NOT NULL,
    parts   BLOB,
    PRIMARY KEY (session, seq)
) STRICT;
CREATE TABLE deleted_sessions (
    session INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE probe (
    data BLOB NOT NULL
) STRICT;
CREATE INDEX sessions_by_status ON sessions (status, number);
CREATE INDEX unfinished_sessions ON sessions (number) WHERE status NOT IN ('completed', 'failed', 'cancelled');
CREATE INDEX finished_sessions ON sessions (updated_at, number) WHERE status IN ('completed', 'failed', 'cancelled');
CREATE INDEX uncompacted_sessions ON sessions (number) WHERE compacted = 0 AND status IN ('completed', 'failed', 'cancelled');
PRAGMA application_id = 1196903495;
PRAGMA user_version = 1;

INSERT INTO sessions VALUES (1, 's-1', 'debate', 'completed', 4, 638994024000000007, 638994024000000004, 1);
INSERT INTO headers VALUES (1, CAST('{"session_id":"s-1","workflow_id":"debate","workflow":{"id":"debate","nodes":{"start":{"type":"start","next":"end"},"end":{"type":"end"}}},"input":"Is it worth it?","fingerprint":"f","created_at":"2026-11-22T10:00:00.0000007Z"}' AS BLOB));
INSERT INTO events VALUES
    (1, 1, CAST('{"event":"token_stream","timestamp":"2026-11-22T10:00:00.0000001Z","node_id":"pro","seq":1,"data":{"session_id":"s-1","node_id":"pro","agent_id":"lawyer","chunk":"He","is_thinking":false}}' AS BLOB), NULL),
    (1, 3, CAST('{"event":"token_stream","timestamp":"2026-11-22T10:00:00.0000003Z","node_id":"pro","seq":3,"merged_from":2,"data":{"session_id":"s-1","node_id":"pro","agent_id":"lawyer","chunk":"llo","is_thinking":false}}' AS BLOB), x'0201'),
    (1, 4, CAST('{"event":"execution:completed","timestamp":"2026-11-22T10:00:00.0000004Z","seq":4,"data":{"session_id":"s-1","status":"completed","output":"Hello","totals":{"input_tokens":0,"output_tokens":0,"estimated_cost_usd":0}}}' AS BLOB), NULL);
INSERT INTO sessions VALUES (2, 's-2', 'debate', 'running', 1, 638994024000000008, 638994024000000009, 0);
INSERT INTO headers VALUES (2, CAST('{"session_id":"s-2","workflow_id":"debate","workflow":{"id":"debate"},"input":"","fingerprint":"f","created_at":"2026-11-22T10:00:00.0000008Z"}' AS BLOB));
INSERT INTO events VALUES
    (2, 1, CAST('{"event":"token_stream","timestamp":"2026-11-22T10:00:00.0000001Z","node_id":"pro","seq":1,"data":{"session_id":"s-2","node_id":"pro","agent_id":"lawyer","chunk":"token 1 ","is_thinking":false}}' AS BLOB), NULL);
