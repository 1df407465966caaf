export interface FailureKey {
  cluster: string
  id: number
}

/** What the page asks the server for ahead must be what the list asks for. */
export const LETTERS_A_PAGE = 12
