-- Version 2: "is finished" spelt out. Every append asks it of its session, before and after, as updated_at is in an index of
-- the finished ones. For a list of three, SQLite built a table in memory each time: a third of what an append in a group cost.

DROP INDEX finished_sessions;
DROP INDEX uncompacted_sessions;
CREATE INDEX finished_sessions ON sessions (updated_at, number) WHERE status = 'completed' OR status = 'failed' OR status = 'cancelled';
CREATE INDEX uncompacted_sessions ON sessions (number) WHERE compacted = 0 AND (status = 'completed' OR status = 'failed' OR status = 'cancelled');
