import { createHash } from "node:crypto"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"

/** A package.json; `version` and what npm resolves by. */
export interface Manifest {
  name: string
  version: string
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  os?: string[]
}

export interface Registry extends AsyncDisposable {
  readonly url: string
  /** From now on these packages are not to be had: 404, as on a mirror that carries some platforms only. */
  withhold(...names: string[]): void
}

/** A small npm registry on loopback: real metadata and real tarballs of packages that hold nothing but package.json. */
export async function startRegistry(manifests: readonly Manifest[]): Promise<Registry> {
  const withheld = new Set<string>()
  const tarballs = new Map(manifests.map((one) => [`/-/${one.name}-${one.version}.tgz`, pack(one)]))
  const server = createServer((request, response) => {
    const address = decodeURIComponent(request.url ?? "")
    const tarball = tarballs.get(address)
    const versions = manifests.filter((one) => address === `/${one.name}` && !withheld.has(one.name))
    if (tarball) return response.end(tarball)
    if (versions.length > 0) return response.end(JSON.stringify(metadata(versions, url, tarballs)))
    response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not found"}')
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    withhold: (...names) => {
      for (const name of names) withheld.add(name)
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function metadata(versions: readonly Manifest[], url: string, tarballs: ReadonlyMap<string, Buffer>) {
  const entries = versions.map((one) => {
    const place = `/-/${one.name}-${one.version}.tgz`
    const integrity = `sha512-${createHash("sha512")
      .update(tarballs.get(place) ?? "")
      .digest("base64")}`
    return [one.version, { ...one, dist: { tarball: url + place, integrity } }] as const
  })
  const latest = versions.at(-1)
  return {
    name: latest?.name,
    "dist-tags": { latest: latest?.version },
    versions: Object.fromEntries(entries),
  }
}

/** A tar archive (ustar) of one file, package/package.json. */
function pack(manifest: Manifest): Buffer {
  const content = Buffer.from(JSON.stringify(manifest))
  const header = Buffer.alloc(512)
  header.write("package/package.json", 0)
  header.write("0000644\0", 100)
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124)
  header.write("00000000000\0", 136)
  header.write(" ".repeat(8), 148)
  header.write("0", 156)
  header.write("ustar\u000000", 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148)
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512)
  return gzipSync(Buffer.concat([header, content, padding, Buffer.alloc(1024)]))
}
