-- Whether a channel delivers: how often it failed in a row, since when, and until when it is left alone.
ALTER TABLE "alert_channel"
    ADD COLUMN "failures" INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN "failing_since" TIMESTAMPTZ(3),
    ADD COLUMN "paused_until" TIMESTAMPTZ(3);

-- Notifications are delivered from here, one after the other for each channel.
ALTER TABLE "alert_notification" ADD COLUMN "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now();
CREATE INDEX "alert_notification_queued_idx" ON "alert_notification" ("channel_id", "id") WHERE state = 'queued';
CREATE INDEX "alert_notification_first_idx" ON "alert_notification" ("group_id", "id") WHERE state = 'queued';
