import { execFile } from "node:child_process"
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { findNginx } from "#scripts/setup/programs.mjs"
import { makeCertificates } from "#scripts/stack/kafka/certificates.ts"
import { freePort } from "#scripts/stack/ports.ts"
import { startServer } from "#scripts/stack/process.ts"
import { DomainError } from "#server/errors.ts"

const shipped = path.resolve(import.meta.dirname, "../../deploy/nginx.conf")

export interface Nginx extends AsyncDisposable {
  /** https://localhost:PORT/signalbox, with a certificate that no browser knows. */
  url: string
}

/** A real nginx with the configuration that we ship, in front of the web role on `port`. */
export async function startNginx(port: number): Promise<Nginx> {
  const command: string | null = findNginx()
  if (!command) throw new DomainError("bad_input", "There is no nginx: install it.")
  await using started = new AsyncDisposableStack()
  const home = await mkdtemp(path.join(tmpdir(), "signalbox-nginx-"))
  // Its workers may run as another user.
  await chmod(home, 0o755)
  started.defer(() => rm(home, { recursive: true, force: true }))
  const own = await freePort()
  await writeFile(path.join(home, "site.conf"), await siteOf({ port, own, home }))
  await writeFile(path.join(home, "nginx.conf"), around(home))
  const args = ["-p", home, "-c", path.join(home, "nginx.conf")]
  await promisify(execFile)(command, ["-t", ...args])
  started.use(
    await startServer({
      name: "nginx",
      command,
      args,
      ready: () => listens(own),
    }),
  )
  const owned = started.move()
  return {
    url: `https://localhost:${own}/signalbox`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The shipped file with our ports and certificate; everything else is as it is shipped. */
async function siteOf(at: { port: number; own: number; home: string }): Promise<string> {
  const { ca: _, ...files } = (await makeCertificates(path.join(at.home, "tls"))).files
  const changes: [shipped: string, ours: string][] = [
    ["server 127.0.0.1:3000;", `server 127.0.0.1:${at.port};`],
    ["listen 443 ssl http2;", `listen 127.0.0.1:${at.own} ssl http2;`],
    ["server_name ops.example.com;", "server_name localhost;"],
    ["/etc/ssl/ops.example.com.pem;", `${files.serverKeyStore};`],
    ["/etc/ssl/ops.example.com.key;", `${files.serverKeyStore};`],
  ]
  let text = await readFile(shipped, "utf8")
  for (const [before, after] of changes) {
    if (!text.includes(before)) throw new Error(`deploy/nginx.conf no longer has: ${before}`)
    text = text.replace(before, after)
  }
  return text
}

/** What a distribution's nginx.conf has around a site, with every file that it writes in `home`. */
function around(home: string): string {
  const scratch = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${home}/${kind};`,
  )
  return `daemon off;
worker_processes 1;
pid ${home}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${scratch.join("\n  ")}
  include ${home}/site.conf;
}
`
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("connect", () => {
      socket.destroy()
      resolve(true)
    })
    socket.once("error", () => resolve(false))
  })
}
