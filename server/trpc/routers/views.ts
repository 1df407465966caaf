import { listViews, removeView, removeViewInput, saveView, saveViewInput } from "#server/saved-views/index.ts"
import { procedure, router } from "../init.ts"

export const views = router({
  list: procedure("view.own").query(({ ctx }) => listViews(ctx)),
  save: procedure("view.own", "view.save")
    .input(saveViewInput)
    .mutation(({ ctx, input }) => saveView(ctx, input)),
  remove: procedure("view.own", "view.remove")
    .input(removeViewInput)
    .mutation(({ ctx, input }) => removeView(ctx, input)),
})
