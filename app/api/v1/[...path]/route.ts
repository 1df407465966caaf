import { answerApi } from "#server/trpc/api.ts"

export const dynamic = "force-dynamic"

/** The HTTP API: docs/api.md. */
export { answerApi as DELETE, answerApi as GET, answerApi as POST, answerApi as PUT }
