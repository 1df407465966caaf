/** How many alerts the overview shows. */
const ON_OVERVIEW = 20

/** What the overview asks for; the page and its server ask alike, so that the answer is there at once. */
export function firing(clusters: string[]) {
  return { state: "firing" as const, clusters, pageSize: ON_OVERVIEW }
}
