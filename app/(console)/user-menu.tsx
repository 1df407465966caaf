"use client"

import Link from "next/link"
import { withBasePath } from "#app/base-path.ts"
import { useMe } from "../access/me.tsx"
import { Menu } from "../ui/menu.tsx"
import { chooseScheme, toScheme, useScheme } from "../ui/scheme.ts"

/** Who is signed in, light or dark, and the way out. */
export function UserMenu() {
  const { email, role } = useMe()
  const scheme = useScheme()
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
          <option value="auto">as the system has them</option>
          <option value="light">light</option>
          <option value="dark">dark</option>
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
