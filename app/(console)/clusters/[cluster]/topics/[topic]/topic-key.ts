export interface TopicKey {
  cluster: string
  name: string
}
