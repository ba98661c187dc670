import { describe, expect, test } from 'vitest'
import { protectedReason } from '#domain/agents/protected-names.ts'

const reasonOf = (path: string, access: 'read' | 'write' = 'read') => protectedReason(path.split('/'), access)

describe('names that agents are refused', () => {
  test.each([
    '.env',
    'app/.env.local',
    '.ENV',
    '.Env.Production',
    'prod.env',
    '.envrc',
    '.env.',
    '.env ',
    '.env:$DATA',
    'ENV~1',
    '.e\u200bnv',
    '\uff0eenv',
    'a/.env/b',
  ])('%j holds variables', (path) => {
    expect(reasonOf(path)).toBe('variables')
  })

  test.each([
    '.git',
    '.git/config',
    'sub/.GIT/hooks/x',
    '.git.',
    '.git ',
    'GIT~1/config',
    'bare.git/hooks/post-receive',
    '.gitconfig',
    '.g\u200cit/x',
    '.hg/x',
    '.git::$INDEX_ALLOCATION/x',
  ])('%j is history', (path) => {
    expect(reasonOf(path)).toBe('history')
  })

  test.each([
    'id_rsa',
    '.ssh/config',
    'ID_ED25519',
    'id_rsa.bak',
    'server.pem',
    'tls.KEY',
    'a.p12',
    'store.jks',
    '.gnupg/x',
  ])('%j is a key', (path) => {
    expect(reasonOf(path)).toBe('key')
  })

  test.each([
    '.npmrc',
    '.netrc',
    '.aws/credentials',
    '.docker/config.json',
    '.config/gh/hosts.yml',
    '.git-credentials',
    'main.tfstate',
    '.bash_history',
    '.kube/config',
    '.cargo/credentials.toml',
    '.pypirc',
  ])('%j holds credentials', (path) => {
    expect(reasonOf(path)).toBe('credentials')
  })

  test.each([
    '.env.example',
    'example.env',
    '.github/workflows/ci.yml',
    '.gitignore',
    '.gitattributes',
    'id_rsa.pub',
    'environment.ts',
    'keys.ts',
    'monkey',
    'src/env.ts',
    '.docker/Dockerfile',
    'git/x',
    'a.keynote',
  ])('%j is anybody’s', (path) => {
    expect(reasonOf(path, 'write')).toBeUndefined()
  })

  test('what runs, and what agents may, is read and not written', () => {
    expect(reasonOf('orchastration.toml')).toBeUndefined()
    expect(reasonOf('Orchastration.TOML', 'write')).toBe('project')
  })
})
