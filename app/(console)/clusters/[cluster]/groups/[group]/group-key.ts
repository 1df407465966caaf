export interface GroupKey {
  cluster: string
  group: string
}
