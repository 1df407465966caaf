"use client"

import { withBasePath } from "#app/base-path.ts"
import { useMe } from "../access/me.tsx"
import { chooseDensity, useDensity } from "../ui/density.ts"
import { Menu, MenuChoice, MenuItem, MenuLine, MenuLink } from "../ui/menu.tsx"
import { chooseScheme, useScheme } from "../ui/scheme.ts"

const SCHEMES = { auto: "System", light: "Light", dark: "Dark" }
const DENSITIES = { comfortable: "Comfortable", compact: "Compact" }

/** Who is signed in, light or dark, and the way out. */
export function UserMenu(props: { onHelp: () => void }) {
  const { email, role } = useMe()
  const scheme = useScheme()
  const density = useDensity()
  return (
    <Menu summary={<span className="avatar">{email.charAt(0).toUpperCase()}</span>} label="You">
      <p className="menu-head">
        {email}
        <br />
        <span className="quiet">{role ?? "by cluster"}</span>
      </p>
      <MenuLine />
      <MenuLink href="/settings/account">Settings</MenuLink>
      <MenuLink href="/audit">Audit</MenuLink>
      <MenuItem onClick={props.onHelp}>Help</MenuItem>
      <MenuLine />
      <MenuChoice label="Colours" value={scheme} of={SCHEMES} onChange={chooseScheme} />
      <MenuLine />
      <MenuChoice label="Density" value={density} of={DENSITIES} onChange={chooseDensity} />
      <MenuLine />
      <MenuItem onClick={() => void signOut()}>Sign out</MenuItem>
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
