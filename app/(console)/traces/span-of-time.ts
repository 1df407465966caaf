/** From one moment to another, ms. */
export interface Span {
  from: number
  to: number
}
