-- What services are beside their operations: whom they call, what they send and receive, their instances and errors.
alter table traces.operation add column system text not null default '';

-- What the spans of a service lead to.
create table traces.peer (
  id int generated always as identity primary key,
  service_id int not null references traces.service,
  -- calls, queries, sends, receives
  role text not null,
  system text not null,
  -- A host, a database or a destination.
  name text not null,
  -- Of what is received: the consumer group; empty where the instrumentation sends none.
  reader text not null,
  unique (service_id, role, system, name, reader)
);

-- One process of a service, and what it runs.
create table traces.instance (
  id int generated always as identity primary key,
  service_id int not null references traces.service,
  name text not null,
  version text not null,
  host text not null,
  unique (service_id, name, version, host)
);

-- What failed: one for each type and normalised message.
create table traces.error (
  id int generated always as identity primary key,
  service_id int not null references traces.service,
  type text not null,
  message text not null,
  unique (service_id, type, message)
);

-- 0: none.
alter table traces.calls add column peer_id int not null default 0;

-- Spans of an instance in each minute, and of these the calls that came in (kind server or consumer).
create table traces.instance_calls (
  at bigint not null,
  instance_id int not null,
  spans int not null,
  calls int not null,
  errors int not null,
  sketch bytea not null
) partition by range (at);
create index on traces.instance_calls (at);

create table traces.error_calls (
  at bigint not null,
  error_id int not null,
  operation_id int not null,
  spans int not null,
  -- One of them.
  trace bytea not null
) partition by range (at);
create index on traces.error_calls (at);

-- Partitions are made of all tables at once: those that are there lack the new ones.
do $$
declare part record;
begin
  for part in
    select substring(relname from '_(\d{10})$') as stamp, pg_get_expr(relpartbound, oid) as bound
    from pg_inherits join pg_class on oid = inhrelid where inhparent = 'traces.chunk'::regclass
  loop
    execute format('create table traces.instance_calls_%s partition of traces.instance_calls %s', part.stamp, part.bound);
    execute format('create table traces.error_calls_%s partition of traces.error_calls %s', part.stamp, part.bound);
  end loop;
end $$;

-- Minutes of which a sample of traces was read as a whole, and how large it was.
create table traces.digest (
  at bigint primary key,
  traces int not null,
  spans int not null,
  -- Spans whose parent is not stored.
  orphans int not null
);

-- Which operation calls which, in these samples. Ids of traces.operation; the same service calls itself where both are its.
create table traces.edge (
  at bigint not null references traces.digest on delete cascade,
  caller_id int not null,
  callee_id int not null,
  -- Spans of the caller with at least one such call, and the calls.
  callers int not null,
  calls int not null,
  errors int not null,
  -- Of one caller's calls, those after one that failed.
  retries int not null,
  -- What the ones before failed with, the most frequent.
  retried_after text not null,
  -- Calls that ended by a deadline.
  timeouts int not null,
  -- Callees that went on after their caller had ended.
  overtime int not null,
  trace bytea not null
);
create index on traces.edge (at);

-- Messages that the readers of a service were given, in these samples, and those given more than once.
create table traces.delivery (
  at bigint not null references traces.digest on delete cascade,
  operation_id int not null,
  messages int not null,
  repeated int not null,
  trace bytea not null
);
create index on traces.delivery (at);

-- What is promised of a service: a share of calls that succeed, and in time where a latency is set.
create table traces.objective (
  service text primary key,
  target double precision not null check (target > 0 and target < 1),
  latency_ms double precision
);
