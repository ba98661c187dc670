/** Where agents' work comes from, reply by reply: the agent is asked, its tools are called, and it is asked again. */
export const REPLY_BACKENDS: readonly string[] = ['scripted']

/** All that may take an agent's turn. */
export const BACKENDS: readonly string[] = ['command', 'human', ...REPLY_BACKENDS]
