export { listViews, type SavedView } from "./list-views.ts"
export { removeView, removeViewInput } from "./remove-view.ts"
export { saveView, saveViewInput } from "./save-view.ts"
