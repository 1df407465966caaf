-- One dead letter that cannot be sent must not stop those behind it: it is left out, and keeps the reason.
ALTER TABLE "replay_item" ADD COLUMN "left_out" TEXT;
