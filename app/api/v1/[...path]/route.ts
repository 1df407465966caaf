import { answerApi } from "#server/trpc/api.ts"

export const dynamic = "force-dynamic"

/** The HTTP API: docs/api.md. */
export { answerApi as GET, answerApi as POST }
