import { describe, expect, it } from "vitest"
import { grantsOf, groupsOf } from "#server/access/group-roles.ts"
import { readSignIn } from "#server/access/sign-in-config.ts"

const ENV = {
  NODE_ENV: "test",
  SIGNALBOX_OIDC_ISSUER: "https://id.example.com/",
  SIGNALBOX_OIDC_CLIENT_ID: "signalbox",
} as const

describe("the sign-in settings of the environment", () => {
  it("are e-mail and password, if nothing is said", () => {
    expect(readSignIn(undefined, { NODE_ENV: "test" })).toEqual({ password: true, oidc: undefined })
  })

  it("name an issuer, a client, scopes, and groups with their roles", () => {
    const config = readSignIn(undefined, {
      ...ENV,
      SIGNALBOX_PASSWORD_SIGN_IN: "off",
      SIGNALBOX_OIDC_SCOPES: "openid groups",
      SIGNALBOX_OIDC_ROLES: "sre=admin, dev=operator@prod-eu",
    })
    expect(config).toMatchObject({
      password: false,
      oidc: {
        issuer: "https://id.example.com",
        scopes: ["openid", "groups"],
        roles: [
          { group: "sre", role: "admin" },
          { group: "dev", role: "operator", cluster: "prod-eu" },
        ],
      },
    })
  })

  it.each([
    [{ NODE_ENV: "test", SIGNALBOX_PASSWORD_SIGN_IN: "off" }, /nobody could sign in/],
    [{ ...ENV, SIGNALBOX_OIDC_ISSUER: "http://id.example.com" }, /must begin with https/],
    [{ ...ENV, SIGNALBOX_OIDC_CLIENT_ID: undefined }, /clientId/],
    [{ ...ENV, SIGNALBOX_OIDC_ROLES: "sre=king" }, /roles\.0\.role/],
    [{ ...ENV, SIGNALBOX_OIDC_ROLES: "sre" }, /roles\.0/],
  ] as const)("that are wrong stop the start with what is wrong: %j", (env, expected) => {
    expect(() => readSignIn(undefined, env as NodeJS.ProcessEnv)).toThrow(expected)
  })
})

describe("the roles of groups", () => {
  const roles = [
    { group: "sre", role: "operator" as const },
    { group: "lead", role: "admin" as const },
    { group: "dev", role: "viewer" as const, cluster: "eu" },
    { group: "owner", role: "admin" as const, cluster: "eu" },
  ]
  const config = { name: "x", issuer: "x", clientId: "x", scopes: [], groupsClaim: "groups", roles }

  it.each([
    [["sre"], { role: "operator", clusters: {} }],
    [["sre", "lead"], { role: "admin", clusters: {} }],
    [["dev"], { role: null, clusters: { eu: "viewer" } }],
    [["owner", "dev"], { role: null, clusters: { eu: "admin" } }],
    [["SRE"], null],
    [[], null],
  ])("%j may %j", (groups, expected) => {
    expect(grantsOf(config, groups)).toEqual(expected)
  })

  it("have a default, where one is set; without any mapping they are given in Signalbox", () => {
    expect(grantsOf({ ...config, defaultRole: "viewer" }, [])).toEqual({ role: "viewer", clusters: {} })
    expect(grantsOf({ ...config, roles: [] }, ["sre"])).toBe("unmapped")
  })

  it.each([
    ["sre", ["sre"]],
    [
      ["a", 1, "b"],
      ["a", "b"],
    ],
    [undefined, []],
    [{ a: 1 }, []],
  ])("are read of the claim %j as %j", (claim, expected) => {
    expect(groupsOf(claim)).toEqual(expected)
  })
})
