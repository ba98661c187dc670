# fish completion for orchastration, printed by: orchastration completions fish
# Try it:  orchastration completions fish | source

function __orchastration_complete
    set -l words (commandline -opc | string unescape)
    set -l current (commandline -ct | string unescape)
    set -l program $words[1]
    set -e words[1]
    string match -q '~/*' -- $program; and set program $HOME/(string sub -s 3 -- $program)
    # A word that is empty is a word, too.
    test (count $current) -eq 0; and set current ''
    for row in (command $program complete -- (string replace -r '^~/' "$HOME/" -- $words) "$current" 2>/dev/null </dev/null)
        switch $row
            case ':files'
                __orchastration_paths "$current" __fish_complete_path
            case ':directories'
                __orchastration_paths "$current" __fish_complete_directories
            case '*'
                printf '%s\n' $row
        end
    end
end

# Of --flag=path the path is completed, and the flag stands before each.
function __orchastration_paths
    set -l flag (string match -r '^--[^=]*=' -- $argv[1])
    set -l path (string replace -r '^--[^=]*=' '' -- $argv[1])
    for row in ($argv[2] "$path" '')
        printf '%s%s\n' "$flag" $row
    end
end

complete -c orchastration -f -k -a '(__orchastration_complete)'
