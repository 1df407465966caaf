-- A status goes on where it was unknown for a while, also when another collector takes over meanwhile.
ALTER TABLE "group_state"
    ADD COLUMN "judged_status" TEXT,
    ADD COLUMN "judged_since" TIMESTAMPTZ(3);

UPDATE "group_state" SET "judged_status" = "status", "judged_since" = "since" WHERE "status" <> 'unknown';
