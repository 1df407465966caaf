import {
  changeGrants,
  changeGrantsInput,
  disableUser,
  disableUserInput,
  inviteInput,
  inviteUser,
  listUsers,
  listUsersInput,
  newLink,
  newLinkInput,
  removeUser,
  removeUserInput,
} from "#server/access/index.ts"
import { procedure, router } from "../init.ts"

export const users = router({
  list: procedure("user.list")
    .input(listUsersInput)
    .query(({ ctx, input }) => listUsers(ctx, input)),
  invite: procedure("user.invite")
    .input(inviteInput)
    .mutation(({ ctx, input }) => inviteUser(ctx, input)),
  newLink: procedure("user.invite")
    .input(newLinkInput)
    .mutation(({ ctx, input }) => newLink(ctx, input)),
  changeGrants: procedure("user.edit")
    .input(changeGrantsInput)
    .mutation(({ ctx, input }) => changeGrants(ctx, input)),
  disable: procedure("user.edit")
    .input(disableUserInput)
    .mutation(({ ctx, input }) => disableUser(ctx, input)),
  remove: procedure("user.remove")
    .input(removeUserInput)
    .mutation(({ ctx, input }) => removeUser(ctx, input)),
})
