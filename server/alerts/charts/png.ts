type Sharp = typeof import("sharp").default

/** Pixels of the picture to one of the SVG, by their densities in dpi: sharp on phones too. */
const DENSITY = 144

let loaded: Promise<Sharp | null> | null = null

/** An optional package: its binary is missing on some platforms, and mails then come without pictures. */
function load(): Promise<Sharp | null> {
  loaded ??= import("sharp").then(
    (found) => found.default,
    () => null,
  )
  return loaded
}

/** An SVG as PNG; null: this platform has nothing that renders it. */
export async function toPng(svg: string): Promise<Buffer | null> {
  const sharp = await load()
  return sharp === null
    ? null
    : sharp(Buffer.from(svg), { density: DENSITY }).png({ palette: true }).toBuffer()
}
