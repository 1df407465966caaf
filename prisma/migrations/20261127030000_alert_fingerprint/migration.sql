-- Charts in mails are of an alert that is known by its fingerprint.
CREATE INDEX "alert_fingerprint_idx" ON "alert" ("fingerprint", "id");
