-- Statuses of consumer groups: one row where a sweep found another status than the sweep before it. It holds until the
-- next row, as far as the cluster was sampled (series.sweep). What was before the first row is in group_state only.
CREATE TABLE series.group_status (
    cluster_id INTEGER NOT NULL,
    group_id INTEGER NOT NULL,
    at TIMESTAMPTZ(3) NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (cluster_id, group_id, at)
) PARTITION BY RANGE (at);
