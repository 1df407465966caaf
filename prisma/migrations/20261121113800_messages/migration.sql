-- What is hidden in messages before they leave the server.
CREATE TABLE "masking_rule" (
    "id" SERIAL NOT NULL,
    "cluster_id" INTEGER REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "destination" TEXT NOT NULL,
    "part" TEXT NOT NULL CHECK ("part" IN ('key', 'value', 'headers')),
    "kind" TEXT NOT NULL CHECK ("kind" IN ('path', 'pattern')),
    "expression" TEXT NOT NULL,
    "how" TEXT NOT NULL CHECK ("how" IN ('hide', 'last4', 'hash')),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "masking_rule_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "masking_rule_cluster_id_idx" ON "masking_rule"("cluster_id");

-- Who sees a destination unmasked, why, and until when.
CREATE TABLE "unmask_grant" (
    "holder" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "destination" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unmask_grant_pkey" PRIMARY KEY ("holder", "cluster_id", "destination")
);
CREATE INDEX "unmask_grant_cluster_id_idx" ON "unmask_grant"("cluster_id");

-- The format somebody chose by hand for the messages of a destination.
CREATE TABLE "message_format" (
    "user_id" TEXT NOT NULL REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "cluster_id" INTEGER NOT NULL REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "destination" TEXT NOT NULL,
    "key_format" TEXT NOT NULL,
    "value_format" TEXT NOT NULL,

    CONSTRAINT "message_format_pkey" PRIMARY KEY ("user_id", "cluster_id", "destination")
);
CREATE INDEX "message_format_cluster_id_idx" ON "message_format"("cluster_id");

-- A search over messages: what is asked, and how far it has come.
CREATE TABLE "search_job" (
    "id" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "destination" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "question" JSONB NOT NULL,
    "masked" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL CHECK ("state" IN ('queued', 'running', 'done', 'stopped', 'failed')),
    "reason" TEXT,
    "stop_requested" BOOLEAN NOT NULL DEFAULT false,
    "runner" TEXT,
    "heartbeat_at" TIMESTAMPTZ(3),
    "run_ms" BIGINT NOT NULL DEFAULT 0,
    "finished_at" TIMESTAMPTZ(3),
    "partitions" JSONB NOT NULL,

    CONSTRAINT "search_job_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "search_job_cluster_id_destination_created_at_idx" ON "search_job"("cluster_id", "destination", "created_at");
CREATE INDEX "search_job_state_idx" ON "search_job"("state");

-- Where a search found something. The messages themselves stay in the broker.
CREATE TABLE "search_match" (
    "job_id" TEXT NOT NULL REFERENCES "search_job"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "partition" INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3),

    CONSTRAINT "search_match_pkey" PRIMARY KEY ("job_id", "partition", "offset")
);
