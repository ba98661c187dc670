/** The part of an address that a title becomes: `Hello, World!` is `hello-world`. */
export function slug(title) {
  return title.replace(' ', '-')
}
