-- Whoever removes a cluster, on a page, with signalbox.yaml or by hand: every process learns it and closes its connections.
create function announce_removed_cluster() returns trigger language plpgsql as $$
begin
  perform pg_notify('signalbox_cluster_removed', old.id::text);
  return null;
end
$$;
create trigger announce_removed_cluster after delete on cluster
  for each row execute function announce_removed_cluster();
