-- An act on a broker is written before it is done, and its result after: rows are only ever added, so these are two.
ALTER TABLE "audit_entry" ADD COLUMN "begun_id" BIGINT;
ALTER TABLE "audit_entry" DROP CONSTRAINT "audit_entry_result_check";
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_result_check" CHECK ("result" IN ('ok', 'refused', 'failed', 'begun'));
CREATE UNIQUE INDEX "audit_entry_begun_id_key" ON "audit_entry"("begun_id");
