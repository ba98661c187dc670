/**
 * Names that agents are refused by default, each with its reason: a file or directory of such a name, and all below.
 * Names are compared as the most forgiving file system would: without letter case, without what is not seen, without
 * what follows a colon or stands as dots and spaces at the end.
 */
interface ProtectedName {
  readonly matches: RegExp
  readonly reason: ProtectedReason
  /** Only writing is refused. */
  readonly writeOnly?: true
}

export type ProtectedReason = 'history' | 'variables' | 'key' | 'credentials' | 'state' | 'project' | 'draft'

const PROTECTED: readonly ProtectedName[] = [
  // Hooks there run as the user, and its configuration names programs.
  { matches: /^(?:.*\.git|\.gitconfig|\.hg|\.svn|\.jj|\.bzr|git~\d)$/, reason: 'history' },
  // What is meant to be copied holds no values.
  {
    matches:
      /^(?:\.env(?!\.(?:example|sample|template|dist|defaults)$)(?:\..*)?|(?!(?:example|sample|template)\.).+\.env|\.envrc|env~\d)$/,
    reason: 'variables',
  },
  { matches: /^id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?!.*\.pub$)(?:[._-].*)?$/, reason: 'key' },
  { matches: /\.(?:pem|key|p8|p12|pfx|pkcs12|jks|keystore|ppk|kdbx|kdb)$/, reason: 'key' },
  { matches: /^\.(?:ssh|gnupg|password-store)$/, reason: 'key' },
  { matches: /^\.(?:aws|azure|gcloud|kube|oci|terraform\.d)$/, reason: 'credentials' },
  {
    matches:
      /^(?:[._]netrc|\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.gem|\.git-credentials|\.pgpass|\.my\.cnf|\.htpasswd|\.vault-token|\.dockercfg|\.terraformrc|\.s3cfg|\.boto)$/,
    reason: 'credentials',
  },
  { matches: /\.tfstate(?:\.backup)?$/, reason: 'credentials' },
  { matches: /^\..+_history$/, reason: 'credentials' },
  // An agent must not approve itself: what runs, and what agents may, stands there.
  { matches: /^orchastration\.toml$/, reason: 'project', writeOnly: true },
  { matches: /^\.orchastration-.*\.tmp$/, reason: 'draft' },
]

/** What is refused only where it lies so. */
const PROTECTED_WAYS: readonly { readonly matches: RegExp; readonly reason: ProtectedReason }[] = [
  { matches: /(?:^|\/)\.docker\/config\.json$/, reason: 'credentials' },
  { matches: /(?:^|\/)\.config\/(?:gcloud|gh|hub|op)(?:\/|$)/, reason: 'credentials' },
  { matches: /(?:^|\/)\.cargo\/credentials(?:\.toml)?$/, reason: 'credentials' },
  { matches: /(?:^|\/)\.m2\/settings(?:-security)?\.xml$/, reason: 'credentials' },
]

/** Why a path of these names is refused; undefined where it is not. */
export function protectedReason(names: readonly string[], access: 'read' | 'write'): ProtectedReason | undefined {
  const comparable = names.map(folded)
  for (const name of comparable) {
    const found = PROTECTED.find((one) => one.matches.test(name) && (access === 'write' || one.writeOnly !== true))
    if (found !== undefined) return found.reason
  }
  const way = comparable.join('/')
  return PROTECTED_WAYS.find(({ matches }) => matches.test(way))?.reason
}

/** What is left of a name where file systems see no difference. */
function folded(name: string): string {
  return name
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}|\p{Cc}|\p{Cf}/gu, '')
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
    .toLowerCase()
}
