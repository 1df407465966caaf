import { formatFor, type Line, type Unit } from "./prepare.ts"
import { statsOf } from "./stats.ts"

interface Drawn {
  canvas: HTMLCanvasElement
  title: string
  unit: Unit
  lines: readonly Line[]
}

const LINE = 20

/** The chart with its title and legend as a PNG, in the colours of the page. */
async function pictureOf({ canvas, title, unit, lines }: Drawn): Promise<Blob> {
  const scale = devicePixelRatio
  const style = getComputedStyle(canvas)
  const colour = (name: string) => {
    const probe = document.createElement("span")
    probe.style.color = name
    canvas.parentElement?.append(probe)
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
  const picture = document.createElement("canvas")
  picture.width = canvas.width + 2 * LINE * scale
  picture.height = canvas.height + (lines.length + 4) * LINE * scale
  const ctx = picture.getContext("2d")
  if (!ctx) throw new Error("This browser cannot draw a picture of the chart.")
  ctx.fillStyle = colour("var(--panel)")
  ctx.fillRect(0, 0, picture.width, picture.height)
  ctx.fillStyle = colour("var(--ink)")
  ctx.textBaseline = "middle"
  ctx.font = `600 ${13 * scale}px ${style.fontFamily}`
  ctx.fillText(title, LINE * scale, 1.2 * LINE * scale)
  ctx.drawImage(canvas, LINE * scale, 2 * LINE * scale)
  ctx.font = `${12 * scale}px ${style.fontFamily}`
  const format = formatFor(unit)
  lines.forEach((line, i) => {
    const y = canvas.height + (i + 3) * LINE * scale
    const { last, max } = statsOf(line.values)
    ctx.fillStyle = colour(line.tone)
    ctx.fillRect(LINE * scale, y - scale, 12 * scale, 2 * scale)
    ctx.fillStyle = colour("var(--ink)")
    ctx.fillText(`${line.name}: last ${format(last)}, max ${format(max)}`, 2 * LINE * scale, y)
  })
  return new Promise((resolve, reject) =>
    picture.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("This browser cannot encode a PNG."))),
      "image/png",
    ),
  )
}

/** Copies the picture; where the page may not write to the clipboard it is saved as a file. */
export async function copyPicture(drawn: Drawn): Promise<"copied" | "saved"> {
  const blob = await pictureOf(drawn)
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })])
    return "copied"
  } catch {
    const link = document.createElement("a")
    link.href = URL.createObjectURL(blob)
    link.download = `${drawn.title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.png`
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    return "saved"
  }
}
