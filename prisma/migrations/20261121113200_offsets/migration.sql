-- CreateTable
CREATE TABLE "offset_plan" (
    "id" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "group" TEXT NOT NULL,
    "group_type" TEXT NOT NULL,
    "existed" BOOLEAN NOT NULL,
    "strategy" JSONB NOT NULL,
    "scope" JSONB,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "lines" JSONB NOT NULL,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "undo_of" TEXT,
    "replaced_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "armed_until" TIMESTAMPTZ(3),
    "armed_by" TEXT,
    "applied_at" TIMESTAMPTZ(3),
    "applied_by" TEXT,
    "snapshot_id" TEXT,
    "outcome" TEXT,

    CONSTRAINT "offset_plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "offset_snapshot" (
    "id" TEXT NOT NULL,
    "cluster_id" INTEGER NOT NULL,
    "group" TEXT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "taken_by" TEXT NOT NULL,
    "plan_id" TEXT NOT NULL,
    "positions" JSONB NOT NULL,

    CONSTRAINT "offset_snapshot_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "offset_plan_cluster_id_group_created_at_idx" ON "offset_plan"("cluster_id", "group", "created_at");
CREATE INDEX "offset_plan_cluster_id_state_idx" ON "offset_plan"("cluster_id", "state");
CREATE INDEX "offset_snapshot_cluster_id_group_taken_at_idx" ON "offset_snapshot"("cluster_id", "group", "taken_at");

-- AddForeignKey
ALTER TABLE "offset_plan" ADD CONSTRAINT "offset_plan_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "offset_snapshot" ADD CONSTRAINT "offset_snapshot_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE;
