/** What Windows takes for a device, whatever follows a dot behind it. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

/** What keeps a path of names with `/` between them from being a file below a directory; undefined where nothing does. */
export function fileNameFault(path: string, platform: string): string | undefined {
  if (path === '' || path.startsWith('/') || path.includes('\0')) return 'no path below a directory'
  for (const name of path.split('/')) {
    if (name === '' || name === '.' || name === '..') return 'no path below a directory'
    if (platform === 'win32' && isForbiddenOnWindows(name)) return 'no name for a file on Windows'
  }
  return undefined
}

function isForbiddenOnWindows(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Windows allows none of them in names
  return DEVICE.test(name) || /[<>:"\\|?*\u0000-\u001f]/.test(name) || /[. ]$/.test(name)
}
