"use client"

import { useState } from "react"

/** A secret that is shown once, to be copied now. */
export function OneTime(props: { label: string; value: string; advice: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <div className="panel" role="status">
      <p className="strong">{props.label}</p>
      <div className="row">
        <input
          className="field mono grow"
          readOnly
          aria-label={props.label}
          value={props.value}
          onFocus={(event) => event.target.select()}
        />
        <button
          type="button"
          className="field"
          onClick={() => void navigator.clipboard.writeText(props.value).then(() => setCopied(true))}
        >
          {copied ? "Copied" : "Copy"}
        </button>
      </div>
      <p className="quiet">{props.advice}</p>
    </div>
  )
}
