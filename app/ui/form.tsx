"use client"

import { type FormHTMLAttributes, useId, useState } from "react"
import { Problem } from "./problem.tsx"

interface FormProps extends Omit<FormHTMLAttributes<HTMLFormElement>, "onSubmit"> {
  onSubmit: (form: HTMLFormElement) => void
}

/** A form whose fields say below themselves what is wrong with them; it is sent when nothing is. */
export function Form({ onSubmit, ...rest }: FormProps) {
  return (
    <form
      {...rest}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        // One in a popover of another is no part of that.
        event.stopPropagation()
        const form = event.currentTarget
        // Every field that is wrong is told so, and says it.
        if (form.checkValidity()) onSubmit(form)
        else form.querySelector<HTMLElement>(":is(input, textarea):invalid")?.focus()
      }}
    />
  )
}

type Checked = HTMLInputElement | HTMLTextAreaElement

/** For a field in a `Form`: what its attributes (`required`, `min`, `type`) forbid is said below it, until it is mended. */
export function useValidity({ rule, help }: { rule: string | undefined; help: boolean }) {
  const id = useId()
  const [problem, setProblem] = useState<string | null>(null)
  const check = ({ currentTarget }: { currentTarget: Checked }) =>
    setProblem(currentTarget.validity.valid ? null : wordsFor(currentTarget, rule))
  const describedBy = [problem && `${id}-wrong`, help && `${id}-help`].filter(Boolean).join(" ")
  return {
    field: {
      id,
      "aria-invalid": problem !== null || undefined,
      "aria-describedby": describedBy || undefined,
      onInvalid: check,
      onInput: (event: { currentTarget: Checked }) => problem !== null && check(event),
    },
    helpId: `${id}-help`,
    note: <Problem id={`${id}-wrong`} of={problem} />,
  }
}

/** The rule that a field breaks. */
function wordsFor(field: Checked, rule = "Enter a value."): string {
  const { validity } = field
  if (validity.tooShort) return `Enter at least ${field.minLength} characters.`
  if (validity.typeMismatch && field.type === "email")
    return "Enter an email address, such as ann@example.com."
  return rule
}
