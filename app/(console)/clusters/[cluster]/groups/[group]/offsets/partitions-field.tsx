"use client"

import { useQueryStates } from "nuqs"
import { type KeyboardEvent, useId, useState } from "react"
import { count, plural } from "#app/ui/format.ts"
import { Problem } from "#app/ui/problem.tsx"
import { scopeOf } from "./asked.ts"
import { resetParams } from "./search-params.ts"

interface Props {
  /** What the group reads; of very many, a part. */
  reads: string[]
  readCount: number
  /** Why the partitions cannot be read; null: they can. */
  problem: string | null
}

/** Which topics and partitions: all that the group reads, or some. */
export function PartitionsField(props: Props) {
  const [{ topics }, set] = useQueryStates(resetParams)
  const [some, setSome] = useState(false)
  const choosing = some || topics.length > 0 || props.reads.length === 0
  const listed = [...new Set([...props.reads, ...topics.map(nameIn)])].sort()
  const partitionsOf = (name: string) => topics.find((one) => nameIn(one) === name)?.split(":")[1] ?? ""
  const choose = (name: string, partitions: string | null) => {
    const others = topics.filter((one) => nameIn(one) !== name)
    const entry = partitions ? [`${name}:${partitions}`] : [name]
    void set({ topics: partitions === null ? others : [...others, ...entry] })
  }
  const all = () => {
    setSome(false)
    void set({ topics: null })
  }
  return (
    <fieldset className="plain stack">
      <legend className="strong">1 What</legend>
      {props.reads.length > 0 && (
        <div className="row">
          <label className="row check">
            <input type="radio" name="what" checked={!choosing} onChange={all} />
            all it reads ({plural(props.readCount, "topic", "topics")})
          </label>
          <label className="row check">
            <input type="radio" name="what" checked={choosing} onChange={() => setSome(true)} />
            some topics or partitions
          </label>
        </div>
      )}
      {choosing && (
        <>
          {listed.map((name) => (
            <Topic
              key={name}
              name={name}
              chosen={topics.some((one) => nameIn(one) === name)}
              partitions={partitionsOf(name)}
              choose={(partitions) => choose(name, partitions)}
              isWrong={props.problem !== null && scopeOf([`${name}:${partitionsOf(name)}`]) === props.problem}
            />
          ))}
          {props.readCount > props.reads.length && (
            <p className="quiet note">
              These are the {count(props.reads.length)} topics with the most lost and unread messages; add any
              other by its name.
            </p>
          )}
          <Another add={(name) => choose(name, "")} />
          <Problem of={props.problem} />
        </>
      )}
    </fieldset>
  )
}

function nameIn(entry: string): string {
  return entry.split(":")[0] ?? ""
}

function Topic(props: {
  name: string
  chosen: boolean
  partitions: string
  choose: (partitions: string | null) => void
  isWrong: boolean
}) {
  return (
    <div className="row tight">
      <label className="row check wrap">
        <input
          type="checkbox"
          checked={props.chosen}
          onChange={(event) => props.choose(event.target.checked ? "" : null)}
        />
        {props.name}
      </label>
      {props.chosen && (
        <input
          className="field mono"
          size={12}
          aria-label={`Partitions of ${props.name}`}
          placeholder="all partitions"
          aria-invalid={props.isWrong || undefined}
          value={props.partitions}
          onChange={(event) => props.choose(event.target.value)}
        />
      )}
    </div>
  )
}

function Another(props: { add: (name: string) => void }) {
  const id = useId()
  const [name, setName] = useState("")
  const add = () => {
    if (name.trim() === "") return
    props.add(name.trim())
    setName("")
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return
    event.preventDefault()
    add()
  }
  return (
    <div className="row tight">
      <label htmlFor={id} className="quiet">
        Another topic
      </label>
      <input
        id={id}
        className="field"
        value={name}
        autoComplete="off"
        onChange={(event) => setName(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <button type="button" className="field" onClick={add} disabled={name.trim() === ""}>
        Add
      </button>
    </div>
  )
}
