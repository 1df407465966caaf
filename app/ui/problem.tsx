/** What is wrong with a field, below it, as a rule: "Enter a name." Nothing while there is nothing wrong. */
export function Problem({ of, id }: { of: string | null | undefined; id?: string }) {
  if (!of) return null
  return (
    <p id={id} className="bad note" role="alert">
      {of}
    </p>
  )
}

/** Takes who pressed the button to the first field that is wrong, once it is drawn as such. */
export function focusInvalid(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus())
}
