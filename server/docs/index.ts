export { readDocs } from "./read-docs.ts"
export { type DocSection, sectionsOf, slugOf } from "./sections.ts"
