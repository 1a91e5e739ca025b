-- Version 4: when a session that waits for somebody goes on by itself. Only such a session has a row in the index, so that
-- finding who is next costs the same however many sessions wait, and an append that leaves the time as it is does not touch it.

ALTER TABLE sessions ADD COLUMN wake_at INTEGER; -- UTC, ticks of 100 ns
CREATE INDEX sessions_to_wake ON sessions (wake_at) WHERE wake_at IS NOT NULL;
