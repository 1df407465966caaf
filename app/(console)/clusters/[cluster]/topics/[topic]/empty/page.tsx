import { topicActPage } from "#app/(console)/acts/act-route.tsx"
import { EmptyPage } from "./view.tsx"

export const metadata = { title: "Empty" }

export default topicActPage(EmptyPage)
