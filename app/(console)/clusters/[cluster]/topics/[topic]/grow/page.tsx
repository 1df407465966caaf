import { topicActPage } from "#app/(console)/acts/act-route.tsx"
import { GrowPage } from "./view.tsx"

export const metadata = { title: "Add partitions" }

export default topicActPage(GrowPage)
