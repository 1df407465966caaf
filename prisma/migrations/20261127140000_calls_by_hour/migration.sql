-- Calls by the hour, so that a week is read as quickly as a day: what the minutes of the hour add up to.
create table traces.calls_hour (
  -- Where the hour begins.
  at bigint not null,
  slowest_ns bigint not null,
  operation_id int not null,
  -- 0 unset, 1 ok, 2 error
  status smallint not null,
  peer_id int not null,
  -- Rows of traces.calls that were added: when there are more by now, the hour is added up again.
  minutes int not null,
  slowest_trace bytea not null,
  sketch bytea not null
) partition by range (at);
create index on traces.calls_hour (at);

do $$
declare part record;
begin
  for part in
    select substring(relname from '_(\d{10})$') as stamp, pg_get_expr(relpartbound, oid) as bound
    from pg_inherits join pg_class on oid = inhrelid where inhparent = 'traces.chunk'::regclass
  loop
    execute format('create table traces.calls_hour_%s partition of traces.calls_hour %s', part.stamp, part.bound);
  end loop;
end $$;
