import { topicActPage } from "#app/(console)/acts/act-route.tsx"
import { EditPage } from "./view.tsx"

export const metadata = { title: "Settings" }

export default topicActPage(EditPage)
