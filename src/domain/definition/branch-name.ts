/** What the branch of a task is called: `task/<name>`, or `task/external-<name>` in a repository of others. */
export function branchName(task: string, repo: 'orchastration' | 'external'): string {
  return `task/${repo === 'external' ? 'external-' : ''}${slug(task)}`
}

/** What git takes for a part of a branch's name; it refuses two dots in a row and names that end in `.lock`. */
function slug(name: string): string {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/\.lock$/, '-lock')
    .replaceAll(/^-+|-+$/g, '')
  return plain === '' ? 'task' : plain
}
