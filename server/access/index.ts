export { actorOf } from "./actor.ts"
export { addressOf } from "./address.ts"
export { audit } from "./audit.ts"
export { auditExportInput, exportAudit } from "./audit-export.ts"
export { auditEntryInput, getAuditEntry, listAudit, listAuditInput } from "./audit-log.ts"
export { type Auth, createAuth } from "./auth.ts"
export {
  authorise,
  PERMISSIONS,
  type Permission,
  roleOn,
  type SignedIn,
  visibleClusters,
} from "./permissions.ts"
export { openVault, type Vault } from "./secrets.ts"
export { completeSetup, ensureSetupLink, setupInput } from "./setup.ts"
export { auditTry } from "./tries.ts"
export { ensureUser } from "./users.ts"
