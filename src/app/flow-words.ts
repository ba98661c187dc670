import { onOneLine } from '#base/text.ts'
import { unreachable } from '#base/unreachable.ts'
import type { Unheeded } from '#domain/orket/unheeded.ts'

/** What a flow's files say and nothing follows, with the reason. */
export function unheededText({ setting, why }: Unheeded): string {
  return `not honoured: ${onOneLine(setting)} (${reason(why)})`
}

function reason(why: Unheeded['why']): string {
  switch (why) {
    case 'no_effect':
      return 'it has no effect here'
    case 'no_such_tool':
      return 'there is no such tool here'
    case 'kept_for_model':
      return 'it is kept for the model; no backend here talks to one'
    case 'one_workspace':
      return 'a run has one workspace; name it as a reference'
    default:
      return unreachable(why)
  }
}
