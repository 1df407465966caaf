import { z } from "zod"
import { audit, clustersWith } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { ownerOf } from "./owner.ts"

const MAX_VIEWS = 100
const HERE = "http://here.invalid"

export const saveViewInput = z.object({
  name: z.string().trim().min(1).max(80),
  path: z.string().max(4000).refine(isOwnPath, "Only pages of Signalbox itself can be saved."),
  shared: z.boolean().default(false),
})

/** Keeps a page under a name; one's own view of that name is replaced. */
export async function saveView(ctx: Context, input: z.output<typeof saveViewInput>): Promise<void> {
  const userId = ownerOf(ctx.actor)
  if (ctx.actor.kind !== "user" || userId === null)
    throw new DomainError("forbidden", "Views belong to people: sign in to save one.")
  const { name, path, shared } = input
  if (shared && clustersWith(ctx.actor, "operator").length === 0)
    throw new DomainError(
      "forbidden",
      "Sharing a view needs the role operator on a cluster. Save it for yourself instead.",
    )
  await ctx.store.prisma.$transaction(async (tx) => {
    const others = await tx.savedView.count({ where: { userId, NOT: { name } } })
    if (others >= MAX_VIEWS)
      throw new DomainError("conflict", `You have ${MAX_VIEWS} saved views. Delete one first.`)
    await tx.savedView.upsert({
      where: { userId_name: { userId, name } },
      create: { userId, name, path, shared },
      update: { path, shared },
    })
    await audit(tx, ctx, {
      action: "view.save",
      cluster: null,
      target: name,
      after: { path, shared },
      result: "ok",
    })
  })
}

/** A browser reads `//host`, `/\host` and `/<tab>/host` as another site: parsed, they show. */
function isOwnPath(path: string): boolean {
  if (!path.startsWith("/") || !URL.canParse(path, HERE)) return false
  const { origin, pathname } = new URL(path, HERE)
  return origin === HERE && !pathname.startsWith("//")
}
