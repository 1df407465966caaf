-- Who has left a job to be done, as the table of rights knows them: it ends when they lose the right. Null: from before.
ALTER TABLE "replay_job" ADD COLUMN "created_as" TEXT;
ALTER TABLE "search_job" ADD COLUMN "created_as" TEXT;
