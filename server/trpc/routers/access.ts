import {
  acceptInput,
  acceptLink,
  changePassword,
  changePasswordInput,
  completeSetup,
  createToken,
  createTokenInput,
  linkInput,
  listSessions,
  listTokens,
  readLink,
  revokeSession,
  revokeSessionInput,
  revokeToken,
  revokeTokenInput,
  setupInput,
  signOutEverywhere,
} from "#server/access/index.ts"
import { openProcedure, procedure, router } from "../init.ts"
import { users } from "./users.ts"

export const access = router({
  me: procedure("access.me").query(({ ctx }) => ({
    name: ctx.actor.kind === "user" ? ctx.actor.email : ctx.actor.name,
    role: ctx.actor.role,
    clusters: ctx.actor.clusters,
  })),
  setup: openProcedure.input(setupInput).mutation(({ ctx, input }) => completeSetup(ctx, input)),
  link: openProcedure.input(linkInput).query(({ ctx, input }) => readLink(ctx, input)),
  accept: openProcedure.input(acceptInput).mutation(({ ctx, input }) => acceptLink(ctx, input)),
  changePassword: procedure("access.own", "access.password")
    .input(changePasswordInput)
    .mutation(({ ctx, input }) => changePassword(ctx, input)),
  sessions: procedure("access.own").query(({ ctx }) => listSessions(ctx)),
  revokeSession: procedure("access.own", "access.sign-out")
    .input(revokeSessionInput)
    .mutation(({ ctx, input }) => revokeSession(ctx, input)),
  signOutEverywhere: procedure("access.own", "access.sign-out").mutation(({ ctx }) => signOutEverywhere(ctx)),
  users,
  tokens: router({
    list: procedure("access.own").query(({ ctx }) => listTokens(ctx)),
    create: procedure("access.own", "token.create")
      .input(createTokenInput)
      .mutation(({ ctx, input }) => createToken(ctx, input)),
    revoke: procedure("access.own", "token.revoke")
      .input(revokeTokenInput)
      .mutation(({ ctx, input }) => revokeToken(ctx, input)),
  }),
})
