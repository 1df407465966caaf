import type { AnyTRPCProcedure, TRPCProcedureType } from "@trpc/server"
import type { Permission } from "#server/access/index.ts"
import { appRouter } from "#server/trpc/router.ts"

export interface Known {
  path: string
  type: TRPCProcedureType
  permission: Permission | undefined
}

/** Every procedure of Signalbox. tRPC keeps them by their full path; its types show them as a tree. */
export function allProcedures(): Known[] {
  const known: object = appRouter._def.procedures
  return Object.entries(known as Record<string, AnyTRPCProcedure>).map(([path, { _def }]) => ({
    path,
    type: _def.type,
    permission: (_def.meta as { permission?: Permission } | undefined)?.permission,
  }))
}
