export {
  configureDestination,
  configureDestinationInput,
  previewConfigure,
  previewConfigureInput,
} from "./configure-destination.ts"
export { createDestination, createDestinationInput, previewCreate } from "./create-destination.ts"
export {
  deleteDestination,
  deleteDestinationInput,
  previewDelete,
  previewDeleteInput,
} from "./delete-destination.ts"
export { deleteGroup, deleteGroupInput, previewDeleteGroup, previewDeleteGroupInput } from "./delete-group.ts"
export {
  emptyDestination,
  emptyDestinationInput,
  previewEmpty,
  previewEmptyInput,
} from "./empty-destination.ts"
export { growDestination, growDestinationInput, previewGrow, previewGrowInput } from "./grow-destination.ts"
export type {
  ConfigurePreview,
  DeleteGroupPreview,
  DeletePreview,
  EmptyPreview,
  GrowPreview,
  Previewed,
  Reader,
  SettingChange,
} from "./views.ts"
