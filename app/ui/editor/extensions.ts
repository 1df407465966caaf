import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { json, jsonParseLinter } from "@codemirror/lang-json"
import { bracketMatching, syntaxHighlighting } from "@codemirror/language"
import { linter, lintGutter } from "@codemirror/lint"
import { unifiedMergeView } from "@codemirror/merge"
import { Annotation, Compartment, EditorState, type Extension, type TransactionSpec } from "@codemirror/state"
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view"
import { tagHighlighter, tags } from "@lezer/highlight"

/** What assistive technology is told of it. */
export interface Named {
  label: string
  /** The id of what describes it. */
  describedBy: string
  invalid: boolean
}

/** What may change while it is open. */
export interface CodeState extends Named {
  json: boolean
  before: string | undefined
}

/** Marks a change that its owner made: it is not told of it. */
const owners = Annotation.define<boolean>()

const named = new Compartment()
const language = new Compartment()
const compared = new Compartment()

/** The classes that JSON has everywhere else. */
const marks = tagHighlighter([
  { tag: tags.propertyName, class: "json-name" },
  { tag: tags.string, class: "json-string" },
  { tag: tags.number, class: "json-number" },
  { tag: [tags.bool, tags.null], class: "json-word" },
])

/** Comparing goes no deeper than this, so that typing into a large value stays quick. */
const DIFF = { scanLimit: 400, timeout: 100 }

export function newState(doc: string, given: CodeState & { onChange: (text: string) => void }): EditorState {
  return EditorState.create({
    doc,
    extensions: [
      // Only these divide lines, so that the text comes out with its very bytes.
      EditorState.lineSeparator.of("\n"),
      lineNumbers(),
      history(),
      bracketMatching(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      keymap.of([...defaultKeymap, ...historyKeymap]),
      EditorView.lineWrapping,
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !update.transactions.some((one) => one.annotation(owners)))
          given.onChange(update.state.doc.toString())
      }),
      named.of(toNamed(given)),
      language.of(toLanguage(given.json)),
      compared.of(toCompared(given.before)),
    ],
  })
}

/** All of the text becomes another, by its owner's will. */
export function replaced(state: EditorState, text: string): TransactionSpec {
  return { changes: { from: 0, to: state.doc.length, insert: text }, annotations: owners.of(true) }
}

export function renamed(given: Named): TransactionSpec {
  return { effects: named.reconfigure(toNamed(given)) }
}

export function asJson(isJson: boolean): TransactionSpec {
  return { effects: language.reconfigure(toLanguage(isJson)) }
}

export function comparedWith(before: string | undefined): TransactionSpec {
  return { effects: compared.reconfigure(toCompared(before)) }
}

function toNamed({ label, describedBy, invalid }: Named): Extension {
  return EditorView.contentAttributes.of({
    "aria-label": label,
    "aria-describedby": describedBy,
    "aria-invalid": String(invalid),
    spellcheck: "false",
  })
}

function toLanguage(isJson: boolean): Extension {
  return isJson ? [json(), syntaxHighlighting(marks), linter(lintJson()), lintGutter()] : []
}

function lintJson() {
  const lint = jsonParseLinter()
  return (view: EditorView) => (view.state.doc.length === 0 ? [] : lint(view))
}

function toCompared(before: string | undefined): Extension {
  if (before === undefined) return []
  return unifiedMergeView({
    original: before,
    mergeControls: false,
    syntaxHighlightDeletions: false,
    diffConfig: DIFF,
  })
}
