export { actorOf } from "./actor.ts"
export { audit } from "./audit.ts"
export { type Auth, createAuth } from "./auth.ts"
export {
  authorise,
  PERMISSIONS,
  type Permission,
  roleOn,
  visibleClusters,
} from "./permissions.ts"
export { openVault, type Vault } from "./secrets.ts"
export { completeSetup, ensureSetupLink, setupInput } from "./setup.ts"
export { ensureUser } from "./users.ts"
