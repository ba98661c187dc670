#compdef orchastration
# zsh completion for orchastration, printed by: orchastration completions zsh
# Try it:  source <(orchastration completions zsh)

_orchastration() {
  local -a typed rows shown open
  local program row
  typed=("${(@Q)words[1,CURRENT]}")
  typed=("${(@)typed/#\~\//$HOME/}")
  program=$typed[1]
  # An alias is no program.
  (( $+commands[$program] )) || [[ -x $program ]] || program=orchastration
  rows=("${(@f)$("$program" complete -- "${(@)typed[2,-1]}" 2>/dev/null </dev/null)}")
  # Of --flag=path only the path is completed.
  [[ $rows[-1] == :* && $words[CURRENT] == --*=* ]] && compset -P '*='
  for row in "${(@)rows}"; do
    case $row in
      (:files) _files ;;
      (:directories) _path_files -/ ;;
      ('') ;;
      (*=$'\t'*|*=) open+=("${${row%%$'\t'*}//:/\\:}:${row#*$'\t'}") ;;
      (*$'\t'*) shown+=("${${row%%$'\t'*}//:/\\:}:${row#*$'\t'}") ;;
      (*) shown+=("${row//:/\\:}") ;;
    esac
  done
  # A value is still to come behind an equals sign.
  (( ${#open} )) && _describe -V -t orchastration orchastration open -S ''
  (( $#shown )) && _describe -V -t orchastration orchastration shown
}

if [[ ${funcstack[1]} == _orchastration ]]; then
  _orchastration "$@"
else
  compdef _orchastration orchastration
fi
