-- What a search found tells what its matches say: it is shown only while nothing is hidden that was not hidden then.
ALTER TABLE "search_job" ADD COLUMN "mask_plan" JSONB;
