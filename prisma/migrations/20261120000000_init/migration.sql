-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "role" TEXT NOT NULL DEFAULT 'viewer',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limit" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_request" BIGINT NOT NULL,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor" TEXT NOT NULL,
    "from" TEXT,
    "action" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "result" TEXT NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster" (
    "id" SERIAL NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "system" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "interval_ms" INTEGER NOT NULL DEFAULT 10000,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "cluster_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster_state" (
    "cluster_id" INTEGER NOT NULL,
    "sampled_at" TIMESTAMPTZ(3),
    "described_at" TIMESTAMPTZ(3),
    "error" TEXT,
    "problems" JSONB NOT NULL DEFAULT '[]',
    "broker_uid" TEXT,
    "version" TEXT,
    "nodes" JSONB,
    "sweep_ms" INTEGER,
    "sweep_requests" INTEGER,
    "sweep_bytes_in" BIGINT,
    "produce_rate" DOUBLE PRECISION,
    "consume_rate" DOUBLE PRECISION,
    "findings" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "cluster_state_pkey" PRIMARY KEY ("cluster_id")
);

-- CreateTable
CREATE TABLE "destination" (
    "id" SERIAL NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "uid" TEXT NOT NULL DEFAULT '',
    "internal" BOOLEAN NOT NULL DEFAULT false,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    "partitions" INTEGER NOT NULL,
    "replication_factor" INTEGER,
    "under_replicated" INTEGER NOT NULL DEFAULT 0,
    "under_min_isr" INTEGER NOT NULL DEFAULT 0,
    "offline" INTEGER NOT NULL DEFAULT 0,
    "messages" BIGINT,
    "bytes" BIGINT,
    "produce_rate" DOUBLE PRECISION,
    "retention_ms" BIGINT,
    "retention_bytes" BIGINT,
    "cleanup_policy" TEXT,
    "min_isr" INTEGER,

    CONSTRAINT "destination_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consumer_group" (
    "id" SERIAL NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "members" INTEGER,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "consumer_group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_state" (
    "group_id" INTEGER NOT NULL,
    "sampled_at" TIMESTAMPTZ(3) NOT NULL,
    "status" TEXT NOT NULL,
    "severity" INTEGER NOT NULL,
    "rule" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "sentence" TEXT NOT NULL,
    "lag" BIGINT,
    "time_lag_ms" BIGINT,
    "lost" BIGINT,
    "produce_rate" DOUBLE PRECISION,
    "consume_rate" DOUBLE PRECISION,
    "caught_up_in_ms" BIGINT,
    "lost_in_ms" BIGINT,
    "no_commit_partitions" INTEGER NOT NULL DEFAULT 0,
    "no_commit_messages" BIGINT NOT NULL DEFAULT 0,
    "problems" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "group_state_pkey" PRIMARY KEY ("group_id")
);

-- CreateTable
CREATE TABLE "group_destination" (
    "group_id" INTEGER NOT NULL,
    "destination_id" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "lag" BIGINT,
    "time_lag_ms" BIGINT,
    "lost" BIGINT,

    CONSTRAINT "group_destination_pkey" PRIMARY KEY ("group_id", "destination_id")
);

-- CreateTable
CREATE TABLE "setting" (
    "name" TEXT NOT NULL,
    "value" JSONB NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("name")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");
CREATE INDEX "session_user_id_idx" ON "session"("user_id");
CREATE INDEX "account_user_id_idx" ON "account"("user_id");
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");
CREATE UNIQUE INDEX "rate_limit_key_key" ON "rate_limit"("key");
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");
CREATE UNIQUE INDEX "cluster_slug_key" ON "cluster"("slug");
CREATE INDEX "destination_cluster_id_name_idx" ON "destination"("cluster_id", "name");
CREATE INDEX "destination_cluster_id_deleted_at_idx" ON "destination"("cluster_id", "deleted_at");
CREATE INDEX "consumer_group_cluster_id_name_idx" ON "consumer_group"("cluster_id", "name");
CREATE INDEX "consumer_group_cluster_id_deleted_at_idx" ON "consumer_group"("cluster_id", "deleted_at");
CREATE INDEX "group_state_severity_lag_idx" ON "group_state"("severity", "lag");
CREATE INDEX "group_destination_destination_id_idx" ON "group_destination"("destination_id");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "cluster_state" ADD CONSTRAINT "cluster_state_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "destination" ADD CONSTRAINT "destination_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "consumer_group" ADD CONSTRAINT "consumer_group_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "group_state" ADD CONSTRAINT "group_state_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "consumer_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "group_destination" ADD CONSTRAINT "group_destination_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "consumer_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "group_destination" ADD CONSTRAINT "group_destination_destination_id_fkey" FOREIGN KEY ("destination_id") REFERENCES "destination"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Time series: outside Prisma, in a schema of their own. Each table is partitioned by time (server/store/series keeps
-- the partitions); cluster_id leads every key, so that it can be the distribution column.
CREATE SCHEMA series;

-- One row a sweep. Tells "no sample was taken" from "nothing changed".
CREATE TABLE series.sweep (
    cluster_id INTEGER NOT NULL,
    at TIMESTAMPTZ(3) NOT NULL,
    ms INTEGER NOT NULL,
    PRIMARY KEY (cluster_id, at)
) PARTITION BY RANGE (at);

-- Start and end offsets of a destination, indexed by partition (element 1 is partition 0). NULL: unknown.
-- A row is written when something changed, and every few minutes to say "still so".
CREATE TABLE series.log_offsets (
    cluster_id INTEGER NOT NULL,
    destination_id INTEGER NOT NULL,
    at TIMESTAMPTZ(3) NOT NULL,
    starts BIGINT[] NOT NULL,
    ends BIGINT[] NOT NULL,
    PRIMARY KEY (cluster_id, destination_id, at)
) PARTITION BY RANGE (at);

-- Offsets that a group committed on a destination. -1: no commit; NULL: unknown.
CREATE TABLE series.committed_offsets (
    cluster_id INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    destination_id INTEGER NOT NULL,
    at TIMESTAMPTZ(3) NOT NULL,
    offsets BIGINT[] NOT NULL,
    PRIMARY KEY (cluster_id, group_id, destination_id, at)
) PARTITION BY RANGE (at);

-- Roll-ups keep the last row of each bucket: log offsets never go back within one life of a destination, so first and
-- last say all; for commits the lowest offset of the bucket is kept too, since a rewind is what one looks for.
CREATE TABLE series.log_offsets_1m (LIKE series.log_offsets INCLUDING ALL) PARTITION BY RANGE (at);
CREATE TABLE series.log_offsets_10m (LIKE series.log_offsets INCLUDING ALL) PARTITION BY RANGE (at);
CREATE TABLE series.committed_offsets_1m (LIKE series.committed_offsets INCLUDING ALL) PARTITION BY RANGE (at);
ALTER TABLE series.committed_offsets_1m ADD COLUMN lowest BIGINT[];
CREATE TABLE series.committed_offsets_10m (LIKE series.committed_offsets_1m INCLUDING ALL) PARTITION BY RANGE (at);
CREATE TABLE series.sweep_1m (
    cluster_id INTEGER NOT NULL,
    at TIMESTAMPTZ(3) NOT NULL,
    sweeps INTEGER NOT NULL,
    PRIMARY KEY (cluster_id, at)
) PARTITION BY RANGE (at);
CREATE TABLE series.sweep_10m (LIKE series.sweep_1m INCLUDING ALL) PARTITION BY RANGE (at);

-- Until when each roll-up is complete.
CREATE TABLE series.rolled_up (
    level TEXT NOT NULL PRIMARY KEY,
    until TIMESTAMPTZ(3) NOT NULL
);
