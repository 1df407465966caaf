"use client"

import { type MouseEvent, useEffect, useRef, useState } from "react"
import type { DocSection } from "#server/docs/index.ts"
import { Drawer } from "../ui/drawer.tsx"
import { Empty, Loading } from "../ui/states.tsx"
import { type Docs, useDocs } from "./docs.ts"
import { helpTopicOf } from "./help-topics.ts"
import { KEYS } from "./shortcuts.ts"

/** What the documentation says of the page, beside it: with a search over all of it, and the keys. */
export default function Help(props: { close: () => void; section?: string | null }) {
  const { docs, failed } = useDocs()
  const [id, setId] = useState(
    () => props.section ?? helpTopicOf(window.location.pathname + window.location.search),
  )
  const [q, setQ] = useState("")
  const open = (section: string) => {
    setId(section)
    setQ("")
  }
  return (
    <Drawer title="Help" name="help" onClose={props.close}>
      <div className="column help-drawer">
        <input
          type="search"
          className="field"
          placeholder="Search the documentation"
          aria-label="Search the documentation"
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
        {failed ? (
          <Empty>The documentation could not be fetched: check the connection to Signalbox.</Empty>
        ) : docs === null ? (
          <Loading />
        ) : q.trim() === "" ? (
          <Section docs={docs} id={id} open={open} />
        ) : (
          <Found docs={docs} q={q} open={open} />
        )}
        <Keys />
      </div>
    </Drawer>
  )
}

function Found(props: { docs: Docs; q: string; open: (id: string) => void }) {
  const found = props.docs.find(props.q)
  if (found.length === 0) return <Empty>Nothing in the documentation matches “{props.q}”.</Empty>
  return (
    <ul className="doc-list" aria-label="Found in the documentation">
      {found.map((one) => (
        <li key={one.id}>
          <button type="button" className="doc-hit" onClick={() => props.open(one.id)}>
            <span className="strong">{one.heading}</span>
            {one.heading !== one.page && <span className="quiet"> {one.page}</span>}
            <span className="quiet doc-start">{one.text.slice(0, 140)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function Section(props: { docs: Docs; id: string; open: (id: string) => void }) {
  const { docs, id, open } = props
  const page = id.split("#")[0]
  const ofPage = docs.sections.filter((one) => one.id === page || one.id.startsWith(`${page}#`))
  const section = ofPage.find((one) => one.id === id) ?? ofPage[0]
  if (!section) return <Empty>This section is not part of the documentation.</Empty>
  return (
    <>
      <Article section={section} open={open} />
      <nav aria-label="On this subject" className="doc-contents">
        <h3>{section.page}</h3>
        <ul className="doc-list">
          {ofPage.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="link"
                aria-current={one.id === section.id || undefined}
                onClick={() => open(one.id)}
              >
                {one.heading}
              </button>
            </li>
          ))}
        </ul>
      </nav>
    </>
  )
}

function Article(props: { section: DocSection; open: (id: string) => void }) {
  const { section, open } = props
  const article = useRef<HTMLElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another section begins at its top
  useEffect(() => {
    article.current?.closest(".drawer-body")?.scrollTo(0, 0)
  }, [section.id])
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null
    const target = link?.getAttribute("href") ?? ""
    if (!target.startsWith("#doc:")) return
    event.preventDefault()
    open(target.slice("#doc:".length))
  }
  return (
    <article ref={article} className="doc">
      <h3>{section.heading}</h3>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: follows the links within */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a link that is pressed by key clicks */}
      <div
        onClick={follow}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: our own documentation, rendered when the pages were built
        dangerouslySetInnerHTML={{ __html: section.html }}
      />
    </article>
  )
}

function Keys() {
  return (
    <details className="doc-contents">
      <summary>Keyboard</summary>
      <dl className="keys">
        {KEYS.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
