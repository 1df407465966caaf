-- Offsets behind positions of groups that hold no message: transaction markers, aborted messages, what compaction removed.
-- They never change, so that history is judged by them too.
CREATE TABLE "empty_offsets" (
    "destination_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "from_offset" BIGINT NOT NULL,
    "to_offset" BIGINT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "empty_offsets_pkey" PRIMARY KEY ("destination_id","partition","from_offset")
);

ALTER TABLE "empty_offsets" ADD CONSTRAINT "empty_offsets_destination_id_fkey"
    FOREIGN KEY ("destination_id") REFERENCES "destination"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Where open transactions hold messages back now.
ALTER TABLE "destination" ADD COLUMN "held" JSONB NOT NULL DEFAULT '[]';
