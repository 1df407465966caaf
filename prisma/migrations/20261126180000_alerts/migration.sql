-- dev, staging, production or any other word; scopes of alert rules and routes choose clusters by it.
ALTER TABLE cluster ADD COLUMN environment TEXT;

CREATE TABLE alert_rule (
    id TEXT PRIMARY KEY,
    -- default: ships with Signalbox; file: declared in signalbox.yaml, read-only on the page; page: written on the page
    source TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT true,
    -- Rule of server/alerts/rule.ts
    definition JSONB NOT NULL,
    -- Counts the changes, so that evaluators notice them and a page does not overwrite what it has not seen.
    revision INTEGER NOT NULL DEFAULT 1,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    updated_by TEXT NOT NULL,
    -- Its alerts are history by then, and keep it.
    deleted_at TIMESTAMPTZ(3)
);

-- One episode of one rule on one series, from pending or firing until it is resolved. What ends while pending is deleted.
CREATE TABLE alert (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_id TEXT NOT NULL REFERENCES alert_rule (id) ON DELETE CASCADE,
    -- null: Signalbox itself
    cluster_id INTEGER REFERENCES cluster (id) ON DELETE CASCADE,
    -- Names the series within its cluster and signal.
    series TEXT NOT NULL,
    -- The same for every episode of a rule on a series: receivers deduplicate by it.
    fingerprint TEXT NOT NULL,
    -- pending, firing or resolved
    state TEXT NOT NULL,
    severity TEXT NOT NULL,
    labels JSONB NOT NULL,
    value FLOAT8,
    sentence TEXT NOT NULL,
    -- AlertState of server/alerts/machine.ts
    memory JSONB NOT NULL,
    flapping BOOLEAN NOT NULL DEFAULT false,
    started_at TIMESTAMPTZ(3) NOT NULL,
    fired_at TIMESTAMPTZ(3),
    resolved_at TIMESTAMPTZ(3),
    acknowledged_at TIMESTAMPTZ(3),
    acknowledged_by TEXT,
    comment TEXT,
    escalated_at TIMESTAMPTZ(3)
);
CREATE UNIQUE INDEX alert_active_key ON alert (rule_id, coalesce(cluster_id, 0), series) WHERE state <> 'resolved';
CREATE INDEX alert_state_idx ON alert (state, severity);
CREATE INDEX alert_fired_at_idx ON alert (fired_at);
CREATE INDEX alert_cluster_id_idx ON alert (cluster_id, fired_at);

-- What happened to an alert: the outbox of notifications (dispatched = false) and its history.
CREATE TABLE alert_event (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id BIGINT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    at TIMESTAMPTZ(3) NOT NULL,
    -- fired, resolved, acknowledged, unacknowledged or escalated
    kind TEXT NOT NULL,
    value FLOAT8,
    -- Who, where a person did it; and what they said.
    by_whom TEXT,
    note TEXT,
    dispatched BOOLEAN NOT NULL DEFAULT true
);
CREATE INDEX alert_event_alert_id_idx ON alert_event (alert_id);
CREATE INDEX alert_event_at_idx ON alert_event (at);
CREATE INDEX alert_event_dispatched_idx ON alert_event (id) WHERE NOT dispatched;

CREATE TABLE alert_silence (
    id TEXT PRIMARY KEY,
    -- Matcher[] of server/alerts/matcher.ts
    matchers JSONB NOT NULL,
    starts_at TIMESTAMPTZ(3) NOT NULL,
    ends_at TIMESTAMPTZ(3),
    -- Recurrence of server/alerts/silences: a maintenance window; null: once
    recurrence JSONB,
    comment TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    -- Clusters that its author may act on; empty: all.
    clusters JSONB NOT NULL DEFAULT '[]'
);

CREATE TABLE alert_channel (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT true,
    -- Its settings, sealed like a connection.
    settings TEXT NOT NULL,
    updated_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    updated_by TEXT NOT NULL,
    delivered_at TIMESTAMPTZ(3),
    failed_at TIMESTAMPTZ(3),
    -- Why the last delivery failed; null: it did not.
    problem TEXT
);

-- Alerts that one channel is told of together, and when the next notification of them is due.
CREATE TABLE alert_group (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    route_id TEXT NOT NULL,
    channel_id TEXT NOT NULL REFERENCES alert_channel (id) ON DELETE CASCADE,
    labels JSONB NOT NULL,
    -- of route, channel and labels
    key TEXT NOT NULL UNIQUE,
    due_at TIMESTAMPTZ(3),
    notified_at TIMESTAMPTZ(3),
    notifications INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX alert_group_due_at_idx ON alert_group (due_at) WHERE due_at IS NOT NULL;

-- One event for one channel, until it is part of a notification, or is found not worth one.
CREATE TABLE alert_notice (
    event_id BIGINT NOT NULL REFERENCES alert_event (id) ON DELETE CASCADE,
    group_id BIGINT NOT NULL REFERENCES alert_group (id) ON DELETE CASCADE,
    alert_id BIGINT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    -- waiting, muted (silenced or inhibited), sent or dropped
    state TEXT NOT NULL DEFAULT 'waiting',
    -- Why it was muted or dropped, in a sentence.
    reason TEXT,
    notification_id BIGINT,
    PRIMARY KEY (event_id, group_id)
);
CREATE INDEX alert_notice_open_idx ON alert_notice (group_id, state) WHERE state IN ('waiting', 'muted');
CREATE INDEX alert_notice_alert_id_idx ON alert_notice (alert_id, group_id);

-- What one channel was told at once. Its id is the key by which receivers deduplicate.
CREATE TABLE alert_notification (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel_id TEXT NOT NULL REFERENCES alert_channel (id) ON DELETE CASCADE,
    group_id BIGINT REFERENCES alert_group (id) ON DELETE CASCADE,
    created_at TIMESTAMPTZ(3) NOT NULL,
    -- Notification of server/alerts/channels/channel.ts
    content JSONB NOT NULL,
    -- queued, delivered or failed
    state TEXT NOT NULL DEFAULT 'queued',
    attempts INTEGER NOT NULL DEFAULT 0,
    delivered_at TIMESTAMPTZ(3),
    answer TEXT
);
CREATE INDEX alert_notification_channel_id_idx ON alert_notification (channel_id, id);
CREATE INDEX alert_notification_group_id_idx ON alert_notification (group_id);

-- The names behind the ids in series.signal_values.
CREATE TABLE signal_series (
    id INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- 0: Signalbox itself
    cluster_id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    key TEXT NOT NULL,
    labels JSONB NOT NULL,
    UNIQUE (cluster_id, subject, key)
);

-- What signals said, for trying rules on history: one row per signal and minute (ten minutes), packed by
-- server/store/series/signal-values.ts.
CREATE TABLE series.signal_values_1m (
    cluster_id INTEGER NOT NULL,
    signal TEXT NOT NULL,
    at TIMESTAMPTZ(3) NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (cluster_id, signal, at)
) PARTITION BY RANGE (at);
CREATE TABLE series.signal_values_10m (LIKE series.signal_values_1m INCLUDING ALL) PARTITION BY RANGE (at);
