import type { Page } from "playwright-core"

/** A number as a page writes it, of one thing: "≥ 12", "–". */
export interface Sighting {
  /** Address of the page. */
  page: string
  /** What it is said of: cluster, and the group, topic or partition within it. */
  subject: string
  quantity: string
  text: string
}

interface Shown {
  /** Heading of the panel or page that it stands in. */
  heading: string
  /** Name of what a row is about; null: a row about a partition. */
  name: string | null
  cells: [label: string, text: string][]
}

/** What a partition has whichever group reads it; the rest of its row is of one group. */
const END = "end"

/** A line of the last hour may stand beside it. */
const RATE = /^(≥ )?[\d.,]+\/s|^–/

/** Quantities by each name that a page has for them, and the part of the text that is the quantity. */
const QUANTITIES: Record<string, { quantity: string; part?: RegExp }> = {
  Lag: { quantity: "lag" },
  "Time lag": { quantity: "time lag" },
  Lost: { quantity: "lost" },
  Members: { quantity: "members" },
  "Produced, last 1 min": { quantity: "produced", part: RATE },
  "Consumed, last 1 min": { quantity: "consumed", part: RATE },
  "Consumed by all groups, last 1 min": { quantity: "consumed", part: RATE },
  "Messages kept": { quantity: "messages" },
  Size: { quantity: "size" },
  "Size on disk": { quantity: "size" },
  Topics: { quantity: "topics" },
  Partitions: { quantity: "partitions", part: /^[\d,]+/ },
  Groups: { quantity: "groups", part: /^[\d,]+$/ },
  "Consumer groups": { quantity: "groups" },
  "Read by": { quantity: "groups", part: /^[\d,]+/ },
  End: { quantity: END },
}

/** All quantities that a page shows in lists of facts and in tables, once it shows what it waits for. */
export async function sightingsOn(page: Page, at: { address: string; cluster: string }): Promise<Sighting[]> {
  return (await shownOn(page)).flatMap((shown) => {
    const cell = new Map(shown.cells)
    const cluster = cell.get("Cluster") ?? at.cluster
    const partition = cell.get("Partition")
    const of =
      shown.name ?? (partition ? `${cell.get("Topic") ?? shown.heading}/${partition}` : shown.heading)
    const subject = of === cluster || cluster === "" ? of : `${cluster} ${of}`
    return shown.cells.flatMap(([label, text]) => {
      const known = QUANTITIES[label]
      const part = known?.part ? known.part.exec(text)?.[0] : text
      const isOfGroup = partition !== undefined && known?.quantity !== END
      if (!known || part === undefined || isOfGroup) return []
      return [{ page: at.address, subject, quantity: known.quantity, text: part }]
    })
  })
}

function shownOn(page: Page): Promise<Shown[]> {
  return page.evaluate(() => {
    const textOf = (element: Element | null) => {
      const copy = element?.cloneNode(true)
      if (!(copy instanceof Element)) return ""
      for (const drawn of copy.querySelectorAll("svg")) drawn.remove()
      return copy.textContent?.trim() ?? ""
    }
    const headingOf = (element: Element) =>
      textOf(element.closest("section")?.querySelector("h1, h2") ?? document.querySelector("main h1"))
    const facts = [...document.querySelectorAll("main dl.facts")].map((list) => ({
      heading: headingOf(list),
      name: null,
      cells: [...list.children].map((one): [string, string] => [
        textOf(one.querySelector("dt")),
        textOf(one.querySelector("dd")),
      ]),
    }))
    const rows = [...document.querySelectorAll("main table.grid tbody tr")].map((row) => ({
      heading: textOf(document.querySelector("main h1")),
      name: row.querySelector("a.name") ? textOf(row.querySelector("a.name")) : null,
      cells: [...row.children].map((one): [string, string] => [
        one.getAttribute("data-label") ?? "",
        textOf(one),
      ]),
    }))
    return [...facts, ...rows]
  })
}
