-- Open streams must end, or change what they show, within seconds of a change of rights: whatever changes them, announces it.
CREATE FUNCTION announce_rights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('signalbox_rights', '');
  RETURN NULL;
END $$;

CREATE TRIGGER session_rights AFTER DELETE ON "session" FOR EACH STATEMENT EXECUTE FUNCTION announce_rights();
CREATE TRIGGER user_rights AFTER UPDATE OR DELETE ON "user" FOR EACH STATEMENT EXECUTE FUNCTION announce_rights();
CREATE TRIGGER user_grant_rights AFTER INSERT OR UPDATE OR DELETE ON "user_grant" FOR EACH STATEMENT EXECUTE FUNCTION announce_rights();
CREATE TRIGGER api_token_rights AFTER UPDATE OF "revoked_at", "role" OR DELETE ON "api_token" FOR EACH STATEMENT EXECUTE FUNCTION announce_rights();
CREATE TRIGGER token_grant_rights AFTER INSERT OR UPDATE OR DELETE ON "token_grant" FOR EACH STATEMENT EXECUTE FUNCTION announce_rights();
CREATE TRIGGER masking_rule_rights AFTER INSERT OR UPDATE OR DELETE ON "masking_rule" FOR EACH STATEMENT EXECUTE FUNCTION announce_rights();
CREATE TRIGGER unmask_grant_rights AFTER INSERT OR UPDATE OR DELETE ON "unmask_grant" FOR EACH STATEMENT EXECUTE FUNCTION announce_rights();

-- The result of an act belongs to the act itself: written by the one who began it, and named alike.
CREATE FUNCTION audit_result_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.begun_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM audit_entry begun WHERE begun.id = NEW.begun_id AND begun.result = 'begun'
      AND begun.actor = NEW.actor AND begun.action = NEW.action
  ) THEN
    RAISE EXCEPTION 'audit_entry: begun_id % names no act of the same actor and action', NEW.begun_id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_entry_result_fits BEFORE INSERT ON "audit_entry" FOR EACH ROW EXECUTE FUNCTION audit_result_fits();
