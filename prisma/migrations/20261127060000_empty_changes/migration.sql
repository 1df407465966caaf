-- A group that is empty now was not always: what it consumed before is told apart from a reset by another tool.
ALTER TABLE "group_state" ADD COLUMN "empty_changes" TIMESTAMPTZ(3)[] NOT NULL DEFAULT '{}';
