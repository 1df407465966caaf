import type { inferRouterInputs } from "@trpc/server"
import type { AppRouter } from "#server/trpc/router.ts"

export type RouterInputs = inferRouterInputs<AppRouter>
