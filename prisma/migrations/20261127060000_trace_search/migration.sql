-- Chunks that can be searched by, and a row for each trace of a chunk in place of one for each span. Spans that were
-- received before, by no release, are dropped.
drop table traces.span;
drop table traces.calls;
drop table traces.request;
drop table traces.chunk;

create table traces.request (
  digest bytea not null,
  at bigint not null,
  primary key (digest, at)
) partition by range (at);

create sequence traces.chunk_ids as int increment by 1000 cycle;

-- Up to 1,024 spans of one service and ten minutes: a TracesData message of OTLP, compressed with Zstandard.
create table traces.chunk (
  -- The first and the last start, and the longest duration.
  at bigint not null,
  until bigint not null,
  longest_ns bigint not null,
  id int not null,
  service_id int not null,
  spans int not null,
  -- A bit for each status (0 unset, 1 ok, 2 error) and each kind that a span of it has.
  statuses smallint not null,
  kinds smallint not null,
  -- What its spans can be searched by: server/traces/search/filter.ts
  filter bytea not null,
  body bytea not null
) partition by range (at);
-- Filters are read with the row, bodies apart from it.
alter table traces.chunk alter column filter set storage main, alter column body set storage external;
alter sequence traces.chunk_ids owned by traces.chunk.id;
create index on traces.chunk (id);
create index on traces.chunk (service_id, until);
create index on traces.chunk (until);

-- The chunks of a trace, by the last eight bytes of its id: the first ones may be a time, or zeros.
create table traces.trace (
  at bigint not null,
  trace bigint not null,
  chunk_id int not null
) partition by range (at);
create index on traces.trace (trace);

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

-- Keys of attributes that a service has sent, so that they can be offered.
create table traces.attribute (
  service_id int not null references traces.service,
  scope text not null,
  key text not null,
  primary key (service_id, scope, key)
);
