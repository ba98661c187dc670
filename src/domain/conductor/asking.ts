import { isVerb } from './command-forms.ts'

/** Whether it is the Conductor that asks this. */
export function isStepQuestion(choices: readonly string[]): boolean {
  return [BEFORE_STEP, AFTER_FAILURE].some((each) => each.join() === choices.join())
}

/** What the Conductor asks before a step, where it asks before each. */
export const BEFORE_STEP: readonly string[] = ['continue', 'skip', 'stop']

/** What it asks then about a step that has failed. */
export const AFTER_FAILURE: readonly string[] = ['repeat', 'continue', 'stop']

/** Whether each answer to it is a command to the run: a step's, a pause's, or that of a proposed call. */
export function isConductors(choices: readonly string[]): boolean {
  return choices.every(isVerb)
}
