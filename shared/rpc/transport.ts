/** What carries frames between a screen and the engine: a WebSocket, a message port, or a pair in memory. */
export interface Transport {
  /** Sends one message of plain JSON data, in order. Throws where the value cannot be sent; does nothing after the end. */
  send(message: unknown): void
  /** One listener; messages that came before it are kept for it. Data that was not JSON arrives as `undefined`. */
  onMessage(listener: (message: unknown) => void): void
  /** Called once, also when it is set after the end. */
  onClose(listener: (reason: string) => void): void
  close(reason?: string): void
  /** A promise while too much of what was sent still waits in this process; null when there is room. */
  drained(): Promise<void> | null
}

/** Keeps messages until somebody listens, and the end for whoever asks later: the part all transports share. */
export class Inbox {
  #listener: ((message: unknown) => void) | null = null
  #waiting: unknown[] = []
  #closeListener: ((reason: string) => void) | null = null
  #closed: string | null = null

  get closed(): boolean {
    return this.#closed !== null
  }

  deliver(message: unknown): void {
    if (this.#listener) this.#listener(message)
    else this.#waiting.push(message)
  }

  end(reason: string): void {
    if (this.#closed !== null) return
    this.#closed = reason
    this.#closeListener?.(reason)
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener
    for (const message of this.#waiting.splice(0)) listener(message)
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListener = listener
    if (this.#closed !== null) listener(this.#closed)
  }
}
