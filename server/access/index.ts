export { acting, beginAct, endAct } from "./acting.ts"
export { actorOf } from "./actor.ts"
export { addressOf } from "./address.ts"
export { countOpenCall } from "./attempts.ts"
export { audit, nameOf } from "./audit.ts"
export { auditExportInput, exportAudit } from "./audit-export.ts"
export {
  type AuditDetail,
  type AuditRow,
  auditEntryInput,
  getAuditEntry,
  listAudit,
  listAuditInput,
} from "./audit-log.ts"
export { auditGuess, auditTry, authoriseRead } from "./audit-tried.ts"
export type { AuditedAct } from "./audited-act.ts"
export { type Auth, createAuth, lazily } from "./auth.ts"
export {
  changeGrants,
  changeGrantsInput,
  disableUser,
  disableUserInput,
  removeUser,
  removeUserInput,
} from "./edit-user.ts"
export {
  acceptInput,
  acceptLink,
  inviteInput,
  inviteUser,
  linkInput,
  newLink,
  newLinkInput,
  readLink,
} from "./invite.ts"
export { checkKey, keyFits, resealKeyCheck } from "./key-check.ts"
export { listUsers, listUsersInput, type UserRow } from "./list-users.ts"
export { OIDC } from "./oidc.ts"
export { refuseForeign } from "./origin.ts"
export { changePassword, changePasswordInput } from "./password.ts"
export {
  authorise,
  clustersWith,
  mayOn,
  PERMISSIONS,
  type Permission,
  roleOn,
  type SignedIn,
  visibleClusters,
} from "./permissions.ts"
export { identityOf, lostSince } from "./present.ts"
export { newSecretToken, tokenHash } from "./secret-token.ts"
export { createVault, keyFileOf, keyOfSecret, newKey, openVault, readKeyFile, type Vault } from "./secrets.ts"
export {
  listSessions,
  revokeSession,
  revokeSessionInput,
  type SessionRow,
  signOutEverywhere,
} from "./sessions.ts"
export { completeSetup, ensureSetupLink, setupInput } from "./setup.ts"
export { readSignIn, type SignInConfig, signInSection } from "./sign-in-config.ts"
export { signOut } from "./sign-out.ts"
export { answerOidc } from "./signing-in.ts"
export {
  createToken,
  createTokenInput,
  listTokens,
  revokeToken,
  revokeTokenInput,
  type TokenRow,
} from "./tokens.ts"
export { ensureUser } from "./users.ts"
