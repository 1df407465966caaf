/** What a request holds of the room; freed when it is answered. */
export interface Share {
  /** More bytes of it are in memory. False when there is no room for them: then nothing is taken. */
  take(bytes: number): boolean
  /** All of it has arrived: it is only waited for the database now. */
  arrived(): void
  free(): void
}

/** How long a body may take to arrive while others want the room (ms). */
const SLOW_AFTER_MS = 5000

interface Holder {
  bytes: number
  since: number
  isArriving: boolean
  leave: () => void
}

/**
 * Bytes of requests that are in memory. They are counted as they arrive, unpacked: what a sender announces holds no room,
 * and what it packs has none for free. Where there is too little, the bodies that have been arriving for long make way.
 */
export class Room {
  readonly #most: number
  readonly #holders = new Set<Holder>()
  #bytes = 0

  constructor(most: number) {
    this.#most = most
  }

  /** `leave` is called when this request has to make way for others. */
  share(leave: () => void): Share {
    const holder: Holder = { bytes: 0, since: performance.now(), isArriving: true, leave }
    this.#holders.add(holder)
    return {
      take: (bytes) => {
        if (!this.#holders.has(holder) || !this.#makeFor(bytes, holder)) return false
        holder.bytes += bytes
        this.#bytes += bytes
        return true
      },
      arrived: () => {
        holder.isArriving = false
      },
      free: () => this.#free(holder),
    }
  }

  #makeFor(bytes: number, asking: Holder): boolean {
    const slow = performance.now() - SLOW_AFTER_MS
    for (const one of this.#holders) {
      if (this.#bytes + bytes <= this.#most) break
      if (one === asking || !one.isArriving || one.since > slow) continue
      this.#free(one)
      one.leave()
    }
    return this.#bytes + bytes <= this.#most
  }

  #free(holder: Holder): void {
    if (!this.#holders.delete(holder)) return
    this.#bytes -= holder.bytes
  }
}
