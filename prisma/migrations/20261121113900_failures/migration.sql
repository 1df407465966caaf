-- CreateTable
CREATE TABLE "failure_group" (
    "id" SERIAL NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "state_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "assignee" TEXT,
    "exception_type" TEXT,
    "message" TEXT NOT NULL,
    "frame" TEXT,
    "consumer_group" TEXT,
    "destination" TEXT NOT NULL,
    "version" TEXT,
    "example_message" TEXT,
    "example_stack" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "messages" BIGINT NOT NULL DEFAULT 0,
    "failed_again" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "failure_group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failure_source" (
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "next" BIGINT NOT NULL,
    "indexed_at" TIMESTAMPTZ(3) NOT NULL,
    "problem" TEXT,

    CONSTRAINT "failure_source_pkey" PRIMARY KEY ("destination_id", "partition")
);

-- CreateTable
CREATE TABLE "failure_message" (
    "id" BIGSERIAL NOT NULL,
    "group_id" INTEGER NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "dialect" TEXT NOT NULL,
    "original_destination" TEXT,
    "original_partition" INTEGER,
    "original_offset" BIGINT,
    "attempts" INTEGER,
    "bytes" INTEGER NOT NULL,
    "replay_of" TEXT,
    "replayed_by" TEXT,

    CONSTRAINT "failure_message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failure_minute" (
    "group_id" INTEGER NOT NULL,
    "minute" TIMESTAMPTZ(0) NOT NULL,
    "messages" INTEGER NOT NULL,

    CONSTRAINT "failure_minute_pkey" PRIMARY KEY ("group_id", "minute")
);

-- CreateTable
CREATE TABLE "failure_event" (
    "id" SERIAL NOT NULL,
    "group_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "failure_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "failure_rule" (
    "id" SERIAL NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "pattern" TEXT NOT NULL,
    "holds" BOOLEAN NOT NULL DEFAULT true,
    "mapping" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "failure_rule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replay_job" (
    "id" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "group_id" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "order" JSONB NOT NULL,
    "total" INTEGER NOT NULL,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "missing" INTEGER NOT NULL DEFAULT 0,
    "failed_again" INTEGER NOT NULL DEFAULT 0,
    "rate" DOUBLE PRECISION,
    "progress" JSONB NOT NULL DEFAULT '[]',
    "worked_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "replay_job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "replay_item" (
    "job_id" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "partition" INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    "letter_id" BIGINT NOT NULL,

    CONSTRAINT "replay_item_pkey" PRIMARY KEY ("job_id", "destination", "partition", "offset")
);

-- CreateIndex
CREATE UNIQUE INDEX "failure_group_cluster_id_fingerprint_key" ON "failure_group"("cluster_id", "fingerprint");

-- CreateIndex
CREATE INDEX "failure_group_state_last_seen_at_idx" ON "failure_group"("state", "last_seen_at");

-- CreateIndex
CREATE UNIQUE INDEX "failure_message_destination_id_partition_offset_key" ON "failure_message"("destination_id", "partition", "offset");

-- CreateIndex
CREATE INDEX "failure_message_group_id_at_idx" ON "failure_message"("group_id", "at");

-- CreateIndex
CREATE INDEX "failure_event_group_id_at_idx" ON "failure_event"("group_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "failure_rule_cluster_id_pattern_key" ON "failure_rule"("cluster_id", "pattern");

-- CreateIndex
CREATE INDEX "replay_job_group_id_created_at_idx" ON "replay_job"("group_id", "created_at");

-- CreateIndex
CREATE INDEX "replay_job_cluster_id_state_idx" ON "replay_job"("cluster_id", "state");

-- AddForeignKey
ALTER TABLE "failure_group" ADD CONSTRAINT "failure_group_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_source" ADD CONSTRAINT "failure_source_destination_id_fkey" FOREIGN KEY ("destination_id") REFERENCES "destination"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_message" ADD CONSTRAINT "failure_message_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "failure_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_message" ADD CONSTRAINT "failure_message_destination_id_fkey" FOREIGN KEY ("destination_id") REFERENCES "destination"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_minute" ADD CONSTRAINT "failure_minute_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "failure_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_event" ADD CONSTRAINT "failure_event_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "failure_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "failure_rule" ADD CONSTRAINT "failure_rule_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay_job" ADD CONSTRAINT "replay_job_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay_job" ADD CONSTRAINT "replay_job_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "failure_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "replay_item" ADD CONSTRAINT "replay_item_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "replay_job"("id") ON DELETE CASCADE ON UPDATE CASCADE;
