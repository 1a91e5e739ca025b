-- Version 1: the logs of all sessions. A released script is never changed; a change is a new script.

-- number orders sessions by creation and is never reused, so that leftover events of a deleted session belong to nobody.
CREATE TABLE sessions (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id  TEXT    NOT NULL UNIQUE,
    workflow_id TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    last_seq    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL, -- UTC, ticks of 100 ns
    updated_at  INTEGER NOT NULL, -- UTC, ticks of 100 ns
    compacted   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Apart from sessions, because every append updates a row there: the row stays short.
CREATE TABLE headers (
    session INTEGER PRIMARY KEY,
    header  BLOB NOT NULL -- JSON
) STRICT;

-- In the order of arrival, with an index by session. Clustered by session (without rowid) each of many sessions that
-- are at work would dirty a page of its own in the middle of the tree, and split it often: twice the cost of an append.
CREATE TABLE events (
    session INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    frame   BLOB    NOT NULL, -- JSON, as it goes out on /ws
    parts   BLOB,             -- of a merged event: the length of each chunk it stands for; else null
    PRIMARY KEY (session, seq)
) STRICT;

-- Sessions that were deleted, whose events are removed bit by bit.
CREATE TABLE deleted_sessions (
    session INTEGER PRIMARY KEY
) STRICT;

-- Written to by the health probe; always empty.
CREATE TABLE probe (
    data BLOB NOT NULL
) STRICT;

CREATE INDEX sessions_by_status ON sessions (status, number);
CREATE INDEX unfinished_sessions ON sessions (number) WHERE status NOT IN ('completed', 'failed', 'cancelled');
CREATE INDEX finished_sessions ON sessions (updated_at, number) WHERE status IN ('completed', 'failed', 'cancelled');
CREATE INDEX uncompacted_sessions ON sessions (number) WHERE compacted = 0 AND status IN ('completed', 'failed', 'cancelled');
