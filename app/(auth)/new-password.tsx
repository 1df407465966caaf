import { TextField } from "./text-field.tsx"

interface Props {
  name?: string
  label?: string
  /** After the rule for its length. */
  help?: string
}

/** A field for a password that is chosen now, with the rule that the server holds it to. */
export function NewPassword({ name = "password", label = "Password", help }: Props) {
  return (
    <TextField
      name={name}
      type="password"
      label={label}
      help={help ? `At least 10 characters. ${help}` : "At least 10 characters"}
      autoComplete="new-password"
      minLength={10}
      rule="Enter a password of at least 10 characters."
    />
  )
}
