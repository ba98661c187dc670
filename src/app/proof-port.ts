import type { Result } from '#base/result.ts'
import type { Failure } from '#domain/failure.ts'

/** The key that signs checkpoints. It is made when it is first needed, and lies apart from the store. */
export interface SigningKey {
  signer(): Promise<Result<Signer, Failure>>
  /** The public half of the key of this machine; undefined where none was made yet. */
  verifier(): Promise<Result<Verifier | undefined, Failure>>
  /** A public key from a file, as `verify --key` is given one. */
  verifierFrom(path: string): Promise<Result<Verifier, Failure>>
  /** A public key as text, as an export carries it; undefined where it is none. */
  verifierOf(pem: string): Promise<Verifier | undefined>
}

export interface Signer {
  readonly keyName: string
  /** 8 hexadecimal digits that tell keys apart in a note. */
  readonly keyHash: string
  sign(text: string): Uint8Array
}

export interface Verifier {
  readonly keyHash: string
  /** The public key in PEM, for whoever wants to check without us. */
  readonly pem: string
  verify(text: string, signature: Uint8Array): boolean
  /** The same beside this thread, for many at once. */
  verifyLater(text: string, signature: Uint8Array): Promise<boolean>
}

/** What this machine knows to have been signed of a store: one high-water mark each. It only ever rises. */
export interface Marks {
  highest(store: string): Result<Mark | undefined, Failure>
  /** The highest marks of all stores but this one. */
  others(store: string | undefined): Result<readonly StoreMark[], Failure>
  raise(store: string, mark: Mark): Result<void, Failure>
  /** Forgets the mark, once the log itself has recorded that the store was behind it. */
  forget(store: string): Result<void, Failure>
}

export interface StoreMark extends Mark {
  readonly store: string
}

export interface Mark {
  readonly size: number
  readonly hash: string
}
