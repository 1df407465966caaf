import { Marked, type Tokens } from "marked"

/** A section of the documentation: from a heading of the first or second level to the next. */
export interface DocSection {
  /** "offsets#arming-it"; the first of a page has its name alone. */
  id: string
  /** The title of its page. */
  page: string
  heading: string
  html: string
  /** The words of it, for the search. */
  text: string
}

/** As GitHub makes the anchor of a heading. */
export function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replace(/\s+/g, "-")
}

/** The sections of a page, in its order. Pictures are left out: they are not part of what is served. */
export function sectionsOf(file: string, markdown: string): DocSection[] {
  const marked = new Marked({ renderer: { image: () => "", link: linkOf } })
  const sections: { heading: string; depth: number; tokens: string[] }[] = []
  for (const token of marked.lexer(markdown)) {
    if (token.type === "heading" && token.depth <= 2)
      sections.push({ heading: (token as Tokens.Heading).text, depth: token.depth, tokens: [] })
    else sections.at(-1)?.tokens.push(token.raw)
  }
  const page = plain(sections[0]?.heading ?? file)
  return sections.map(({ heading, depth, tokens }) => {
    const html = marked.parse(tokens.join(""), { async: false })
    return {
      id: depth === 1 ? file : `${file}#${slugOf(plain(heading))}`,
      page,
      heading: plain(heading),
      html,
      text: plainHtml(html),
    }
  })
}

/** Links to other pages of the documentation become "#doc:offsets#arming-it", which the help opens; others stay, in a tab of their own. */
function linkOf({ href, text }: Tokens.Link): string {
  const doc = /^(?:\.\/)?([\w-]+)\.md(#[\w-]*)?$/.exec(href)
  const words = plain(text)
  if (doc) return `<a href="#doc:${doc[1]}${doc[2] ?? ""}">${words}</a>`
  if (/^https?:/.test(href))
    return `<a href="${href.replaceAll('"', "%22")}" target="_blank" rel="noreferrer">${words}</a>`
  return words
}

function plain(markdown: string): string {
  return markdown.replace(/[`*_]/g, "")
}

function plainHtml(html: string): string {
  return html
    .replace(/<[^>]*>/g, " ")
    .replace(/&(\w+|#\d+);/g, " ")
    .replace(/\s+/g, " ")
    .trim()
}
