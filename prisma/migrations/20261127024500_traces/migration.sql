-- Spans of traces. Partitioned by when a span or what it belongs to began, in nanoseconds since the epoch; insert only.
create schema traces;

create table traces.service (
  id int generated always as identity primary key,
  name text not null unique
);

create table traces.operation (
  id int generated always as identity primary key,
  service_id int not null references traces.service,
  -- 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer
  kind smallint not null,
  name text not null,
  unique (service_id, kind, name)
);

-- One row a request that was stored, so that one which is sent again is known. `at` is the start of its first span.
create table traces.request (
  digest bytea not null,
  at bigint not null,
  primary key (digest, at)
) partition by range (at);

create sequence traces.chunk_ids as int increment by 1000 cycle;

-- All of up to 1,024 spans of one service: a TracesData message of OTLP, compressed with Zstandard.
create table traces.chunk (
  at bigint not null,
  until bigint not null,
  id int not null,
  service_id int not null,
  spans int not null,
  body bytea not null
) partition by range (at);
alter table traces.chunk alter column body set storage external;
alter sequence traces.chunk_ids owned by traces.chunk.id;
create index on traces.chunk (id);
create index on traces.chunk (service_id, at);

-- What search needs of each span, and where the rest is. Wide columns first: no byte is lost to alignment.
create table traces.span (
  start_ns bigint not null,
  duration_ns bigint not null,
  chunk_id int not null,
  operation_id int not null,
  -- Its place in the chunk.
  ordinal smallint not null,
  -- 0 unset, 1 ok, 2 error
  status smallint not null,
  root boolean not null,
  trace_id bytea not null
) partition by range (start_ns);
create index on traces.span (trace_id);
create index on traces.span using brin (start_ns, chunk_id);

-- How often operations were called, with which status, and how long it took: in each minute, of every span that was
-- received. One row for each commit that had such calls; they add up.
create table traces.calls (
  -- Where the minute begins.
  at bigint not null,
  -- The slowest call and its trace, so that a figure leads to an example.
  slowest_ns bigint not null,
  operation_id int not null,
  -- 0 unset, 1 ok, 2 error
  status smallint not null,
  slowest_trace bytea not null,
  -- Durations: server/traces/calls/sketch.ts
  sketch bytea not null
) partition by range (at);
create index on traces.calls (at);
