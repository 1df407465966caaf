-- A total of which a part is unknown is a lower bound: how many partitions it is made of, and how many of them are
-- unknown, is kept beside it.
ALTER TABLE "group_state"
    ADD COLUMN "partition_count" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "unknown_partitions" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "unknown_time_lags" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "rates_partial" BOOLEAN NOT NULL DEFAULT false,
    ALTER COLUMN "no_commit_messages" DROP NOT NULL,
    ALTER COLUMN "no_commit_messages" DROP DEFAULT;

ALTER TABLE "group_destination"
    ADD COLUMN "partition_count" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "unknown_partitions" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "unknown_time_lags" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "destination" ADD COLUMN "rate_partial" BOOLEAN NOT NULL DEFAULT false;

ALTER TABLE "cluster_state"
    ADD COLUMN "produce_rate_partial" BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN "consume_rate_partial" BOOLEAN NOT NULL DEFAULT false;
