import { readFile } from "node:fs/promises"
import { getDMMF } from "@prisma/internals"
import { describe, expect, it } from "vitest"
import { storeWorld } from "./world.ts"

const TYPES: Record<string, string> = {
  String: "text",
  Int: "integer",
  BigInt: "bigint",
  Boolean: "boolean",
  Float: "double precision",
  Json: "jsonb",
  DateTime: "timestamp with time zone",
}

describe("the migrated database", () => {
  it("equals schema.prisma: tables, columns, types, nullability, keys and indexes", async () => {
    await using world = await storeWorld()
    const { datamodel } = await getDMMF({ datamodel: await readFile("prisma/schema.prisma", "utf8") })
    const declared = datamodel.models.map((model) => {
      const columns = model.fields.filter((field) => field.kind !== "object")
      const columnOf = (name: string) => columns.find((field) => field.name === name)?.dbName ?? name
      const keys =
        model.primaryKey?.fields ?? columns.filter((field) => field.isId).map((field) => field.name)
      return {
        table: model.dbName ?? model.name,
        columns: columns
          .map(
            (field) =>
              `${field.dbName ?? field.name} ${TYPES[field.type]}${field.isList ? "[]" : ""}${field.isRequired ? " not null" : ""}`,
          )
          .sort(),
        key: keys.map(columnOf),
        unique: [
          ...columns.filter((field) => field.isUnique).map((field) => field.dbName ?? field.name),
          ...model.uniqueFields.map((fields) => fields.map(columnOf).join()),
        ].sort(),
        references: model.fields
          .filter((field) => (field.relationFromFields?.length ?? 0) > 0)
          .map((field) => `${field.relationFromFields?.map(columnOf).join()} ${field.relationOnDelete}`)
          .sort(),
        indexes: datamodel.indexes
          .filter((index) => index.model === model.name && index.type === "normal")
          .map((index) => index.fields.map((field) => columnOf(field.name)).join())
          .sort(),
      }
    })
    const found = await Promise.all(declared.map((model) => introspect(world.store.pool, model.table)))
    expect(found).toEqual(declared)
  })
})

type Pool = Awaited<ReturnType<typeof storeWorld>>["store"]["pool"]

async function introspect(pool: Pool, table: string) {
  const columns = await pool.query<{ text: string }>(
    `select attname || ' ' || format_type(atttypid, null) || case when attnotnull then ' not null' else '' end as text
     from pg_attribute where attrelid = format('public.%I', $1::text)::regclass and attnum > 0 and not attisdropped`,
    [table],
  )
  // Prisma knows no partial indexes: schema.prisma cannot name them.
  const indexes = await pool.query<{ kind: string; columns: string[] }>(
    `select case when i.indisprimary then 'key' when i.indisunique then 'unique' else 'index' end as kind,
       array_agg(a.attname::text order by k.ord) as columns
     from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     cross join lateral unnest(i.indkey) with ordinality as k(attnum, ord)
     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
     where n.nspname = 'public' and c.relname = $1 and i.indpred is null group by i.indexrelid, i.indisprimary, i.indisunique`,
    [table],
  )
  const foreign = await pool.query<{ text: string }>(
    `select string_agg(a.attname::text, ',' order by k.ord) || ' ' ||
       case confdeltype when 'c' then 'Cascade' when 'n' then 'SetNull' else 'Restrict' end as text
     from pg_constraint f join pg_class c on c.oid = f.conrelid
     cross join lateral unnest(f.conkey) with ordinality as k(attnum, ord)
     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
     where f.contype = 'f' and c.relname = $1 group by f.oid, f.confdeltype`,
    [table],
  )
  const of = (kind: string) => indexes.rows.filter((row) => row.kind === kind).map((row) => row.columns)
  return {
    table,
    columns: columns.rows.map((row) => row.text).sort(),
    key: of("key")[0] ?? [],
    unique: of("unique")
      .map((names) => names.join())
      .sort(),
    references: foreign.rows.map((row) => row.text).sort(),
    indexes: of("index")
      .map((names) => names.join())
      .sort(),
  }
}
