import { auditEntryInput, getAuditEntry, listAudit, listAuditInput } from "#server/access/index.ts"
import { procedure, router } from "../init.ts"

export const auditLog = router({
  list: procedure("audit.view")
    .input(listAuditInput)
    .query(({ ctx, input }) => listAudit(ctx, input)),
  get: procedure("audit.view")
    .input(auditEntryInput)
    .query(({ ctx, input }) => getAuditEntry(ctx, input)),
})
