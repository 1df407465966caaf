"use client"

import { IconBookmark, IconX } from "@tabler/icons-react"
import { useState } from "react"
import { Combobox } from "../ui/combobox.tsx"
import { DateTime } from "../ui/date-time.tsx"
import { Choice, TextField } from "../ui/form-field.tsx"
import { Search } from "../ui/search.tsx"
import { Select } from "../ui/select.tsx"
import { TypeName } from "../ui/type-name.tsx"
import { Part } from "./part.tsx"

const FORMATS = { auto: "automatic", text: "text", json: "JSON", hex: "hex" }
const AT = "2026-03-14T09:26:53.000Z"
const nothing = () => undefined

/** Buttons, and all to write, choose and switch. */
export function Controls() {
  return (
    <>
      <Part name="Buttons">
        <div className="row">
          <button type="button" className="field act">
            Primary
          </button>
          <button type="button" className="field">
            Secondary
          </button>
          <button type="button" className="field danger">
            Delete
          </button>
          <button type="button" className="field quiet-button">
            Quiet
          </button>
          <button type="button" className="field" aria-pressed="true">
            Pressed
          </button>
          <button type="button" className="link">
            Link
          </button>
          <button type="button" className="icon-button" aria-label="Close">
            <IconX size={16} aria-hidden="true" />
          </button>
          <button type="button" className="field" aria-label="Save">
            <IconBookmark size={16} aria-hidden="true" />
          </button>
        </div>
        <div className="row">
          <button type="button" className="field act" disabled>
            Primary
          </button>
          <button type="button" className="field" disabled>
            Secondary
          </button>
          <button type="button" className="field danger" disabled>
            Delete
          </button>
        </div>
      </Part>
      <Fields />
      <Switches />
    </>
  )
}

function Fields() {
  const [format, setFormat] = useState<keyof typeof FORMATS>("auto")
  const [topic, setTopic] = useState<string | null>(null)
  const [at, setAt] = useState(AT)
  return (
    <Part name="Fields">
      <div className="row">
        <Select
          label="Format"
          value={format}
          options={[
            { value: "auto", label: "automatic" },
            { value: "text", label: "text", group: "Text" },
            { value: "json", label: "JSON", group: "Text" },
            { value: "hex", label: "hex", group: "Bytes" },
          ]}
          onChange={setFormat}
        />
        <Select
          label="Off"
          value="a"
          options={[{ value: "a", label: "disabled" }]}
          onChange={nothing}
          disabled
        />
        <Combobox
          label="Topic"
          value={topic}
          placeholder="Choose a topic"
          empty="No topic has this name."
          options={["orders", "orders.payment.DLT", "payments", "clicks"].map((name) => ({
            value: name,
            label: name,
            note: "shop",
          }))}
          onChange={setTopic}
        />
        <DateTime label="From" at={at} onChange={setAt} />
        <Search label="Filter topics by name" value="" onChange={nothing} />
      </div>
      <div className="form fields wide">
        <TextField label="Name" value="billing" onChange={nothing} help="As your team calls it." />
        <TextField
          label="Partitions"
          value="0"
          onChange={nothing}
          problem="Enter a number from 1 to 10,000."
        />
        <TextField label="Empty" value="" hint="one per line" mono rows={2} onChange={nothing} />
        <Choice label="Format" value={format} of={FORMATS} onChange={setFormat} />
      </div>
      <TypeName name="orders" verb="Delete" busy={false} error={null} onConfirm={nothing} />
    </Part>
  )
}

function Switches() {
  return (
    <Part name="Switches">
      {[false, true].map((disabled) => (
        <div className="row" key={String(disabled)}>
          <label className="row check">
            <input type="checkbox" disabled={disabled} /> Off
          </label>
          <label className="row check">
            <input type="checkbox" defaultChecked disabled={disabled} /> On
          </label>
          <label className="row check">
            <input
              type="checkbox"
              disabled={disabled}
              ref={(box) => {
                if (box) box.indeterminate = true
              }}
            />{" "}
            Some
          </label>
          <label className="row check">
            <input type="radio" name={`radio-${disabled}`} disabled={disabled} /> One
          </label>
          <label className="row check">
            <input type="radio" name={`radio-${disabled}`} defaultChecked disabled={disabled} /> Other
          </label>
          <label className="row check">
            <input type="checkbox" role="switch" aria-checked="false" disabled={disabled} /> Off
          </label>
          <label className="row check">
            <input type="checkbox" role="switch" aria-checked="true" defaultChecked disabled={disabled} /> On
          </label>
        </div>
      ))}
    </Part>
  )
}
