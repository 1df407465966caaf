-- The audit entry of the application that is under way: who takes it up after a crash writes the result of the same entry.
alter table offset_plan add column audit_id bigint;
