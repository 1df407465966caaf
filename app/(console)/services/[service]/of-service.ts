/** A service in whole minutes of time, as the procedures take it. */
export interface OfService {
  service: string
  from: number
  to: number
}
