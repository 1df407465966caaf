import { topicActPage } from "#app/(console)/acts/act-route.tsx"
import { DeletePage } from "./view.tsx"

export const metadata = { title: "Delete" }

export default topicActPage(DeletePage)
