-- Bearer tokens by which spans may be sent; only their SHA-256 is stored.
create table traces.token (
  id text primary key,
  name text not null,
  hash text not null unique,
  hint text not null,
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);

-- How long and how much is kept: by the environment of the last receiver that started, and by the settings page, which wins.
create table traces.keep (
  source text primary key check (source in ('environment', 'page')),
  days int not null,
  bytes bigint not null
);
