/** Where a run of the gates leaves its results, for the summary and for people. */
export const REPORT_DIR = 'dist/report'
export const GATES_FILE = `${REPORT_DIR}/gates.json`
export const VITEST_FILE = `${REPORT_DIR}/vitest.json`

export interface GateResult {
  readonly name: string
  readonly passed: boolean
  readonly seconds: number
}
