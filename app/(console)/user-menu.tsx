"use client"

import Link from "next/link"
import { withBasePath } from "#app/base-path.ts"
import { useMe } from "../access/me.tsx"
import { chooseDensity, toDensity, useDensity } from "../ui/density.ts"
import { Menu } from "../ui/menu.tsx"
import { chooseScheme, toScheme, useScheme } from "../ui/scheme.ts"

/** Who is signed in, light or dark, and the way out. */
export function UserMenu() {
  const { email, role } = useMe()
  const scheme = useScheme()
  const density = useDensity()
  return (
    <Menu summary={email.charAt(0).toUpperCase()} label="You">
      <p className="note">
        {email}
        <br />
        <span className="quiet">{role ?? "by cluster"}</span>
      </p>
      <Link href="/settings/account">Settings</Link>
      <label className="form-field">
        Colours
        <select
          className="field"
          value={scheme}
          onChange={(event) => chooseScheme(toScheme(event.target.value))}
        >
          <option value="auto">System</option>
          <option value="light">Light</option>
          <option value="dark">Dark</option>
        </select>
      </label>
      <label className="form-field">
        Density
        <select
          className="field"
          value={density}
          onChange={(event) => chooseDensity(toDensity(event.target.value))}
        >
          <option value="comfortable">Comfortable</option>
          <option value="compact">Compact</option>
        </select>
      </label>
      <button type="button" className="field" onClick={() => void signOut()}>
        Sign out
      </button>
    </Menu>
  )
}

async function signOut(): Promise<void> {
  await fetch(withBasePath("/api/auth/sign-out"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  })
  window.location.assign(withBasePath("/sign-in"))
}
