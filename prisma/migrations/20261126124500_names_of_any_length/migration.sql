-- A b-tree refuses values beyond 2,704 bytes, and one refused name fails the statement of all its neighbours. Names come
-- from outside (Kafka allows group ids of 32,767 bytes), so they are indexed by their hash.
DROP INDEX "destination_cluster_id_name_idx";
DROP INDEX "consumer_group_cluster_id_name_idx";
DROP INDEX "offset_plan_cluster_id_group_created_at_idx";
DROP INDEX "offset_snapshot_cluster_id_group_taken_at_idx";
DROP INDEX "search_job_cluster_id_destination_created_at_idx";

CREATE INDEX "destination_name_idx" ON "destination" USING HASH ("name");
CREATE INDEX "consumer_group_name_idx" ON "consumer_group" USING HASH ("name");
CREATE INDEX "offset_plan_group_idx" ON "offset_plan" USING HASH ("group");
CREATE INDEX "offset_snapshot_group_idx" ON "offset_snapshot" USING HASH ("group");
CREATE INDEX "offset_snapshot_cluster_id_taken_at_idx" ON "offset_snapshot" ("cluster_id", "taken_at");
CREATE INDEX "search_job_destination_idx" ON "search_job" USING HASH ("destination");
CREATE INDEX "search_job_cluster_id_created_at_idx" ON "search_job" ("cluster_id", "created_at");
