import {
  configureDestination,
  configureDestinationInput,
  createDestination,
  createDestinationInput,
  deleteDestination,
  deleteDestinationInput,
  deleteGroup,
  deleteGroupInput,
  emptyDestination,
  emptyDestinationInput,
  growDestination,
  growDestinationInput,
  previewConfigure,
  previewConfigureInput,
  previewCreate,
  previewDelete,
  previewDeleteGroup,
  previewDeleteGroupInput,
  previewDeleteInput,
  previewEmpty,
  previewEmptyInput,
  previewGrow,
  previewGrowInput,
} from "#server/administration/index.ts"
import { procedure, router } from "../init.ts"

/** Each act with its preview; whoever may not act may not look at the preview either. */
export const administration = router({
  previewCreate: procedure("destination.create")
    .input(createDestinationInput)
    .query(({ ctx, input }) => previewCreate(ctx, input)),
  create: procedure("destination.create")
    .input(createDestinationInput)
    .mutation(({ ctx, input }) => createDestination(ctx, input)),
  previewConfigure: procedure("destination.configure")
    .input(previewConfigureInput)
    .query(({ ctx, input }) => previewConfigure(ctx, input)),
  configure: procedure("destination.configure")
    .input(configureDestinationInput)
    .mutation(({ ctx, input }) => configureDestination(ctx, input)),
  previewGrow: procedure("destination.configure")
    .input(previewGrowInput)
    .query(({ ctx, input }) => previewGrow(ctx, input)),
  grow: procedure("destination.configure", "destination.grow")
    .input(growDestinationInput)
    .mutation(({ ctx, input }) => growDestination(ctx, input)),
  previewEmpty: procedure("destination.empty")
    .input(previewEmptyInput)
    .query(({ ctx, input }) => previewEmpty(ctx, input)),
  empty: procedure("destination.empty")
    .input(emptyDestinationInput)
    .mutation(({ ctx, input }) => emptyDestination(ctx, input)),
  previewDelete: procedure("destination.delete")
    .input(previewDeleteInput)
    .query(({ ctx, input }) => previewDelete(ctx, input)),
  delete: procedure("destination.delete")
    .input(deleteDestinationInput)
    .mutation(({ ctx, input }) => deleteDestination(ctx, input)),
  previewDeleteGroup: procedure("group.delete")
    .input(previewDeleteGroupInput)
    .query(({ ctx, input }) => previewDeleteGroup(ctx, input)),
  deleteGroup: procedure("group.delete")
    .input(deleteGroupInput)
    .mutation(({ ctx, input }) => deleteGroup(ctx, input)),
})
