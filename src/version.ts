declare const BUILD_VERSION: string | undefined
declare const BUILD_COMMIT: string | undefined
declare const BUILD_TIME: string | undefined

/** What this binary is, put in when it was built; run from source, it says so. */
export const version = {
  number: typeof BUILD_VERSION === 'string' ? BUILD_VERSION : '0.0.0-source',
  commit: typeof BUILD_COMMIT === 'string' ? BUILD_COMMIT : 'none',
  time: typeof BUILD_TIME === 'string' ? BUILD_TIME : 'unknown',
}

/** The whole version as the ancestor writes it: `<version> (commit <c>, built <t>)`. */
export const versionText = `${version.number} (commit ${version.commit}, built ${version.time})`
