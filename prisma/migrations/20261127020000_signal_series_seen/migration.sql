-- When the series was last among what its signal said, to the day: its name is kept as long as its values.
ALTER TABLE signal_series ADD COLUMN seen_at TIMESTAMPTZ(3) NOT NULL DEFAULT now();
