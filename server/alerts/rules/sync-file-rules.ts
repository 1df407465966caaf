import { isDeepStrictEqual } from "node:util"
import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { ConfigFile } from "#server/clusters/index.ts"
import { readDocument, type Store, toJson } from "#server/store/index.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { DEFAULT_RULES } from "./defaults.ts"
import { type FileRule, type FileRules, readFileRules } from "./file-rules.ts"
import { lockRules } from "./write-rules.ts"

/** Where the problems of the file are kept, for the page. */
const PROBLEMS = "alert-rules-problems"
const BY = { actor: { kind: "system" } } as const

/**
 * Brings the rules of signalbox.yaml into the database: added, changed, and removed with the file. A rule with a mistake
 * stays what it was. Returns what is wrong, a sentence each.
 */
export async function syncFileRules(
  store: Store,
  file: Pick<ConfigFile, "path" | "alertRules">,
): Promise<string[]> {
  const found = readFileRules(file.alertRules, file.path)
  await store.prisma.$transaction(async (tx) => {
    await lockRules(tx)
    for (const rule of found.rules) await put(tx, rule)
    await removeOthers(tx, found)
  })
  await keepFileProblems(store, found.problems)
  return found.problems
}

async function put(tx: Prisma.TransactionClient, { id, enabled, rule }: FileRule): Promise<void> {
  const before = await tx.alertRule.findUnique({ where: { id } })
  const isSame =
    before?.source === "file" &&
    before.deletedAt === null &&
    before.enabled === enabled &&
    isDeepStrictEqual(before.definition, rule)
  if (isSame) return
  await audit(tx, BY, {
    action: "alert.rule",
    cluster: null,
    target: id,
    before:
      before && before.deletedAt === null ? { rule: before.definition ?? null, enabled: before.enabled } : {},
    after: { rule, enabled, source: "signalbox.yaml" },
    result: "ok",
  })
  const data = {
    source: "file",
    enabled,
    definition: rule,
    deletedAt: null,
    updatedAt: new Date(),
    updatedBy: "signalbox.yaml",
  }
  await tx.alertRule.upsert({
    where: { id },
    create: { id, ...data },
    update: { ...data, revision: { increment: 1 } },
  })
}

/** What left the file is deleted; a rule that comes with Signalbox is what it was at first. */
async function removeOthers(
  tx: Prisma.TransactionClient,
  { rules, broken, isComplete }: FileRules,
): Promise<void> {
  // One of these may be the rule that cannot be told by its name.
  if (!isComplete) return
  const kept = [...rules.map((one) => one.id), ...broken]
  const gone = await tx.alertRule.findMany({
    where: { source: "file", deletedAt: null, id: { notIn: kept } },
    select: { id: true, definition: true },
  })
  for (const { id, definition } of gone) {
    const shipped = DEFAULT_RULES.get(id)
    await audit(tx, BY, {
      action: "alert.rule",
      cluster: null,
      target: id,
      before: { rule: definition ?? null, source: "signalbox.yaml" },
      after: shipped ? { rule: shipped, source: "default" } : { deleted: true },
      result: "ok",
    })
    const data = shipped
      ? { source: "default", definition: shipped, enabled: true }
      : { deletedAt: new Date() }
    await tx.alertRule.update({
      where: { id },
      data: { ...data, revision: { increment: 1 }, updatedAt: new Date(), updatedBy: "system" },
    })
  }
}

/** Keeps what is wrong with the file for the page. */
export async function keepFileProblems(store: Store, problems: readonly string[]): Promise<void> {
  await store.pool.query(
    "insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
    [PROBLEMS, toJson(problems)],
  )
}

/** What was wrong with the file when it was last read. */
export async function readFileProblems(store: Store): Promise<string[]> {
  const found = await store.prisma.setting.findUnique({ where: { name: PROBLEMS } })
  return found ? readDocument(z.array(z.string()), found.value, "The problems of signalbox.yaml") : []
}
