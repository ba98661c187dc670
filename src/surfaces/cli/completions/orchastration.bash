# bash completion for orchastration, printed by: orchastration completions bash
# Try it:  source <(orchastration completions bash)

_orchastration() {
  local -a words=()
  local rest=$COMP_LINE piece='' raw='' index row reply
  # bash splits at "=" and ":", too. What stands in the line without a space between it is one word.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    piece=${COMP_WORDS[index]}
    if ((index > 0)) && [[ -n $piece && ${rest:0:1} != [[:space:]] ]]; then
      raw+=$piece
      words[${#words[@]} - 1]+=$(_orchastration_plain "$piece")
    else
      raw=$piece
      words+=("$(_orchastration_plain "$piece")")
    fi
    rest=${rest#*"$piece"}
  done
  local current=${words[${#words[@]} - 1]}
  # What was split off stays in the line; the answer goes behind it.
  local before=${raw%"$piece"}
  [[ $piece == [=:] ]] && before=$raw
  COMPREPLY=()
  reply=$("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null </dev/null) || return 0
  while IFS= read -r row; do
    case $row in
      :files) _orchastration_paths default -f ;;
      :directories) _orchastration_paths dirnames -d ;;
      *)
        row=${row%%$'\t'*}
        [[ -n $row && $row == "$current"* ]] || continue
        COMPREPLY+=("${row#"$before"}")
        # A value is still to come.
        [[ $row == *= ]] && type compopt >/dev/null 2>&1 && compopt -o nospace 2>/dev/null
        ;;
    esac
  done <<<"$reply"
}

# A word as the shell will read it: without quotes and backslashes.
_orchastration_plain() {
  local word=$1
  case $word in
    \"*\" | \'*\') word=${word:1:${#word}-2} ;;
    \"* | \'*) word=${word:1} ;;
    *) word=${word//\\/} ;;
  esac
  [[ $word == \~/* ]] && word=$HOME/${word:2}
  printf '%s' "$word"
}

# Paths are readline's own business where it can be asked: it knows of quotes, spaces and "~".
_orchastration_paths() {
  if type compopt >/dev/null 2>&1 && compopt -o "$1" 2>/dev/null; then
    return 0
  fi
  local path
  while IFS= read -r path; do
    COMPREPLY+=("$path")
  done < <(compgen "$2" -- "${COMP_WORDS[COMP_CWORD]#=}")
}

complete -F _orchastration orchastration
