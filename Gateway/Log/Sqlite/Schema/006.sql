-- Version 6: what followers of the log could not pass on, and which of them stand still. A letter goes with its session, as cursors do.

ALTER TABLE followers ADD COLUMN halted TEXT; -- why it stands still, in its own words; null when it does not

CREATE TABLE dead_letters (
    number     INTEGER PRIMARY KEY,
    follower   INTEGER NOT NULL,
    session    INTEGER NOT NULL,
    session_id TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    letter_id  TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    at         INTEGER NOT NULL, -- UTC, ticks of 100 ns
    tries      INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    body       BLOB    NOT NULL
) STRICT;

CREATE UNIQUE INDEX dead_letters_of_session ON dead_letters (session, follower, seq);
CREATE INDEX dead_letters_of_follower ON dead_letters (follower, number);
CREATE INDEX dead_letters_by_id ON dead_letters (follower, letter_id);
