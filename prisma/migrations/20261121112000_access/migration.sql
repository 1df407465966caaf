-- A role for all clusters may be missing now: then only the grants count.
ALTER TABLE "user" ALTER COLUMN "role" DROP NOT NULL, ALTER COLUMN "role" DROP DEFAULT;
ALTER TABLE "user" ADD COLUMN "disabled_at" TIMESTAMPTZ(3);
ALTER TABLE "user" ADD CONSTRAINT "user_role_check" CHECK ("role" IN ('viewer', 'operator', 'admin'));

CREATE TABLE "user_grant" (
    "user_id" TEXT NOT NULL REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "cluster_id" INTEGER NOT NULL REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "role" TEXT NOT NULL CHECK ("role" IN ('viewer', 'operator', 'admin')),

    CONSTRAINT "user_grant_pkey" PRIMARY KEY ("user_id", "cluster_id")
);
CREATE INDEX "user_grant_cluster_id_idx" ON "user_grant"("cluster_id");

CREATE TABLE "invite" (
    "user_id" TEXT NOT NULL REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "invite_pkey" PRIMARY KEY ("user_id")
);
CREATE UNIQUE INDEX "invite_token_hash_key" ON "invite"("token_hash");

CREATE TABLE "api_token" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "role" TEXT CHECK ("role" IN ('viewer', 'operator', 'admin')),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");
CREATE INDEX "api_token_user_id_idx" ON "api_token"("user_id");

CREATE TABLE "token_grant" (
    "token_id" TEXT NOT NULL REFERENCES "api_token"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "cluster_id" INTEGER NOT NULL REFERENCES "cluster"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "role" TEXT NOT NULL CHECK ("role" IN ('viewer', 'operator', 'admin')),

    CONSTRAINT "token_grant_pkey" PRIMARY KEY ("token_id", "cluster_id")
);
CREATE INDEX "token_grant_cluster_id_idx" ON "token_grant"("cluster_id");

ALTER TABLE "audit_entry" ADD COLUMN "cluster" TEXT, ADD COLUMN "reason" TEXT;
ALTER TABLE "audit_entry" ADD CONSTRAINT "audit_entry_result_check" CHECK ("result" IN ('ok', 'refused', 'failed'));
CREATE INDEX "audit_entry_cluster_id_idx" ON "audit_entry"("cluster", "id");

-- The audit log is only ever added to, whoever asks: a statement that would change nothing is refused as well.
CREATE FUNCTION audit_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log is only ever added to.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_entry"
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_kept();
