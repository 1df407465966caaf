import { randomBytes } from "node:crypto"
import { readFile } from "node:fs/promises"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { audit, ensureUser } from "#server/access/index.ts"
import { keepPartitions, migrate, openStore, type Store } from "#server/store/index.ts"

const name = `app_${randomBytes(6).toString("hex")}`
const password = randomBytes(12).toString("hex")
const held = new AsyncDisposableStack()
let app: Store
let owner: Store

beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl"), "migrated"))
  await migrate(database.url)
  owner = held.use(openStore(database.url, { max: 1 }))
  await owner.pool.query(await documentedGrants())
  held.defer(async () => {
    await owner.pool.query(`drop owned by ${name} cascade`)
    await owner.pool.query(`drop role ${name}`)
  })
  const url = new URL(database.url)
  Object.assign(url, { username: name, password })
  app = held.use(openStore(url.href, { max: 2 }))
})
afterAll(() => held.disposeAsync())

it("the role of docs/access.md is enough to run: people, audit, partitions of the series", async () => {
  await ensureUser(app, {
    name: "Ada",
    email: "ada@example.org",
    password: "a long enough one",
    role: "admin",
  })
  await app.prisma.user.deleteMany()
  await audit(
    app.prisma,
    { actor: { kind: "system" } },
    { action: "x", cluster: null, target: "x", result: "ok" },
  )
  expect(await app.prisma.auditEntry.count()).toBe(1)
  await keepPartitions(app, Date.now())
  await keepPartitions(app, Date.now() + 400 * 86_400_000)
})

it.each([
  "update audit_entry set actor = 'nobody'",
  "delete from audit_entry",
  "truncate audit_entry",
  "alter table audit_entry disable trigger all",
  "drop trigger audit_entry_is_kept on audit_entry",
  "drop function audit_entry_is_kept() cascade",
  "create or replace function audit_entry_is_kept() returns trigger language plpgsql as 'begin return new; end'",
  "set session_replication_role = replica",
  "drop table audit_entry",
  "grant update on audit_entry to current_user",
])("and not to touch the audit log: %s", async (statement) => {
  await app.pool.query(statement).catch(() => undefined)
  const { rows } = await owner.pool.query<{ actor: string }>("select actor from audit_entry")
  expect(rows).toEqual([{ actor: "system" }])
  const may = await owner.pool.query<{ may: boolean }>(
    "select has_table_privilege($1, 'audit_entry', 'update, delete, truncate, trigger') as may",
    [name],
  )
  expect(may.rows).toEqual([{ may: false }])
})

it("the trigger still stands, for the owner too", async () => {
  await expect(owner.pool.query("delete from audit_entry")).rejects.toThrow("only ever added to")
})

/** The statements as people copy them, for a role of this test's own. */
async function documentedGrants(): Promise<string> {
  const text = await readFile("docs/access.md", "utf8")
  const sql = /```sql\n([\s\S]*?)```/.exec(text)?.[1] ?? ""
  return sql.replaceAll("signalbox_app", name).replace("'choose one'", `'${password}'`)
}
