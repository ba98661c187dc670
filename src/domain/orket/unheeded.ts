/** A setting of a file that is read and takes no effect, and why. */
export type Unheeded = {
  /** In the words of the file, such as `tempo heavy`. */
  readonly setting: string
  readonly why:
    | 'no_effect'
    /** There is no tool of that name here. */
    | 'no_such_tool'
    /** It is kept for the model, and no backend here talks to one. */
    | 'kept_for_model'
    /** The tools know one workspace. */
    | 'one_workspace'
}
