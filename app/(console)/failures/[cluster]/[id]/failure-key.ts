export interface FailureKey {
  cluster: string
  id: number
}
