/** By these a repository is taken for another one, as in a hook of git that started us. */
const REDIRECTS =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX)$/

/** Variables without those that lead git to another repository than the one of its directory. */
export function undirected(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !REDIRECTS.test(name)))
}
