/** The time as the caller is told it; tests tell it otherwise. */
export interface Clock {
  /** Milliseconds since the Unix epoch. May jump, also backwards: the user's clock is the user's. */
  now(): number
}
