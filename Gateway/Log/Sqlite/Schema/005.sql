-- Version 5: the prompts that wait for a person, over all sessions. A row is written in the transaction of the append that tells
-- of it. Of each prompt the last change is kept; of one that waits no more without its words, and for a while, so that who knew it
-- can be told.

CREATE TABLE prompts (
    number      INTEGER PRIMARY KEY, -- the change with which it was opened
    change      INTEGER NOT NULL,    -- its last change
    session     INTEGER NOT NULL,
    session_id  TEXT    NOT NULL,    -- again, because it may outlive the session
    workflow_id TEXT    NOT NULL,
    node_id     TEXT,
    prompt_id   TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    since       INTEGER NOT NULL,    -- UTC, ticks of 100 ns
    changed_at  INTEGER NOT NULL,    -- UTC, ticks of 100 ns
    prompt      BLOB,                -- JSON; null once it waits no more
    assignees   TEXT,                -- JSON, a list of names; null for anybody
    outcome     TEXT,
    answered_by TEXT
) STRICT;

CREATE UNIQUE INDEX prompt_changes ON prompts (change);
CREATE UNIQUE INDEX open_prompts_of_session ON prompts (session, prompt_id) WHERE prompt IS NOT NULL;
CREATE INDEX open_prompts ON prompts (number) WHERE prompt IS NOT NULL;
CREATE INDEX closed_prompts ON prompts (change) WHERE prompt IS NULL;

-- One row: which store this is, and how many changes there have been.
CREATE TABLE inbox (
    store   TEXT    NOT NULL,
    changes INTEGER NOT NULL
) STRICT;

-- What waits already, from the logs of sessions that have not ended: nodes whose last change of status is "suspended".
INSERT INTO prompts (number, change, session, session_id, workflow_id, node_id, prompt_id, seq, since, changed_at, prompt, assignees)
WITH told AS MATERIALIZED (
    SELECT sessions.number AS session, session_id, workflow_id, seq, CAST(frame AS TEXT) AS frame
    FROM sessions CROSS JOIN events ON events.session = sessions.number
    WHERE status NOT IN ('completed', 'failed', 'cancelled') AND CAST(substr(frame, 1, 28) AS TEXT) = '{"event":"node_state_change"' AND json_valid(CAST(frame AS TEXT))
), last AS (
    SELECT session, session_id, workflow_id, max(seq) AS seq, frame FROM told GROUP BY session, json_extract(frame, '$.node_id')
), waiting AS (
    SELECT last.*, json_extract(frame, '$.data.prompt.prompt_id') AS prompt_id FROM last
    WHERE json_extract(frame, '$.data.status') = 'suspended' AND json_extract(frame, '$.data.prompt.prompt_id') IS NOT NULL
), timed AS (
    SELECT waiting.*, json_extract(frame, '$.timestamp') AS shown,
        (SELECT min(json_extract(told.frame, '$.timestamp')) FROM told WHERE told.session = waiting.session AND json_extract(told.frame, '$.data.prompt.prompt_id') = waiting.prompt_id) AS first
    FROM waiting
)
SELECT row_number() OVER (ORDER BY first, session, seq), row_number() OVER (ORDER BY first, session, seq), session, session_id, workflow_id, json_extract(frame, '$.node_id'), prompt_id, seq,
    (unixepoch(substr(first, 1, 19)) + 62135596800) * 10000000 + CAST(substr(first, 21, 7) AS INTEGER),
    (unixepoch(substr(shown, 1, 19)) + 62135596800) * 10000000 + CAST(substr(shown, 21, 7) AS INTEGER),
    CAST(json_extract(frame, '$.data.prompt') AS BLOB), json_extract(frame, '$.data.prompt.assignees')
FROM timed;

INSERT INTO inbox (store, changes) SELECT lower(hex(randomblob(6))), count(*) FROM prompts;
