import { NextRequest } from "next/server"
import { describe, expect, it } from "vitest"
import { config, proxy } from "../../proxy.ts"

const SESSION = { cookie: "signalbox.session_token=something" }

describe("a page without a session", () => {
  it("leads to sign-in, and back to the page after it", () => {
    const { status, headers } = ask("/lag?status=losing&sort=-lag")
    expect(status).toBe(307)
    const target = new URL(headers.get("location") ?? "")
    expect(target.pathname).toBe("/sign-in")
    expect(target.searchParams.get("next")).toBe("/lag?status=losing&sort=-lag")
  })

  it.each(["/sign-in", "/setup?token=abc"])("is shown when it is %s", (path) => {
    expect(ask(path).status).toBe(200)
  })

  it.each(["/sign-in/x", "/setup/../lag", "/clusters/setup"])("is not shown when it is %s", (path) => {
    expect(ask(path).status).toBe(307)
  })
})

it("leads to sign-in below the base path, and back to the page without it", () => {
  const url = "https://ops.example.com/signalbox/lag?status=losing"
  const { headers } = proxy(new NextRequest(url, { nextConfig: { basePath: "/signalbox" } }))
  const target = new URL(headers.get("location") ?? "")
  expect(target.pathname).toBe("/signalbox/sign-in")
  expect(target.searchParams.get("next")).toBe("/lag?status=losing")
})

describe("every page", () => {
  it("runs only scripts with the nonce of this very answer", () => {
    const policies = [ask("/", SESSION), ask("/", SESSION), ask("/sign-in")].map(
      ({ headers }) => headers.get("content-security-policy") ?? "",
    )
    const nonces = policies.map((policy) => /script-src [^;]*'nonce-([^']{40,})'/.exec(policy)?.[1])
    expect(new Set(nonces).size).toBe(3)
    for (const policy of policies) {
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).toContain("object-src 'none'")
      expect(/script-src ([^;]*)/.exec(policy)?.[1]).not.toMatch(/unsafe|\*/)
    }
  })

  it("tells the browser to stay with https, when it came by https", () => {
    const over = (origin: string) =>
      proxy(new NextRequest(`${origin}/sign-in`)).headers.get("strict-transport-security")
    expect(over("https://signalbox.example")).toContain("max-age")
    expect(over("http://localhost:3000")).toBeNull()
  })
})

it("leaves what machines ask to its own checks", () => {
  const pages = new RegExp(config.matcher.map((pattern) => `^${pattern}$`).join("|"))
  for (const path of ["/healthz", "/readyz", "/metrics", "/api/trpc/clusters.list"])
    expect(path).not.toMatch(pages)
  for (const path of ["/", "/lag", "/clusters/api", "/sign-in"]) expect(path).toMatch(pages)
})

function ask(path: string, headers: Record<string, string> = {}) {
  return proxy(new NextRequest(new URL(path, "http://localhost:3000"), { headers }))
}
