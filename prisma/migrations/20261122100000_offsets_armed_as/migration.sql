-- Who armed a plan, so that their rights can be looked up when it is applied.
ALTER TABLE "offset_plan" ADD COLUMN "armed_as" TEXT;
