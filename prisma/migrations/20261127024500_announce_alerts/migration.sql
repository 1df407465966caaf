-- Whatever happens to alerts is announced to open pages: which events were added.
CREATE FUNCTION announce_alert_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('signalbox_alerts', json_build_object('from', min(id), 'to', max(id))::text)
    FROM added HAVING count(*) > 0;
  RETURN NULL;
END $$;

CREATE TRIGGER alert_event_announced AFTER INSERT ON alert_event REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION announce_alert_events();
