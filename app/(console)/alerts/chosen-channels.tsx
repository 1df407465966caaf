"use client"

interface Props {
  label: string
  chosen: "all" | readonly string[]
  channels: readonly { id: string; name: string; enabled: boolean }[]
  onChange: (chosen: "all" | string[]) => void
}

/** Every channel, those that come later too, or some. */
export function ChosenChannels({ label, chosen, channels, onChange }: Props) {
  const toggle = (id: string) => {
    const some = chosen === "all" ? channels.map((one) => one.id) : chosen
    onChange(some.includes(id) ? some.filter((one) => one !== id) : [...some, id])
  }
  return (
    <fieldset className="form-field plain">
      <legend>{label}</legend>
      <div className="row">
        <label>
          <input
            type="checkbox"
            checked={chosen === "all"}
            onChange={(event) => onChange(event.target.checked ? "all" : channels.map((one) => one.id))}
          />{" "}
          Every channel
        </label>
        {chosen !== "all" &&
          channels.map(({ id, name, enabled }) => (
            <label key={id}>
              <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} /> {name}
              {!enabled && <span className="quiet"> (off)</span>}
            </label>
          ))}
      </div>
    </fieldset>
  )
}
