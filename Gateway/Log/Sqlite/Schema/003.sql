-- Version 3: how far followers of the log have come.

CREATE TABLE followers (
    number INTEGER PRIMARY KEY,
    name   TEXT    NOT NULL UNIQUE,
    since  INTEGER NOT NULL -- the newest session there was when it began to follow
) STRICT;

-- By session first, so that those of a deleted session are found. A session after "since" without a row: nothing of it is done.
CREATE TABLE cursors (
    session  INTEGER NOT NULL,
    follower INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (session, follower)
) STRICT, WITHOUT ROWID;
