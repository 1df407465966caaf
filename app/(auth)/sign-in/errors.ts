const WORDS: Record<string, string> = {
  no_role: "None of your groups has a role in Signalbox. Ask its administrator.",
  disabled: "This account is disabled. Ask an administrator of Signalbox.",
  not_invited: "You have no account yet. Ask an administrator of Signalbox to invite you.",
  account_not_linked:
    "There is a user with your address, and your provider does not say that the address is yours. Ask an administrator.",
  access_denied: "The provider did not let you sign in.",
}

/** Why a sign-in by OIDC failed, by the code in the address. The address is anybody's: its text is never shown. */
export function wordsFor(code: string): string {
  return (Object.hasOwn(WORDS, code) ? WORDS[code] : undefined) ?? "This sign-in did not work. Try again."
}
