package dev.neurontp.ops.help.completion;

import dev.neurontp.ops.help.completion.Completion.Option;
import dev.neurontp.ops.help.completion.Completion.Value;
import dev.neurontp.ops.help.completion.Completion.Word;
import java.util.List;
import java.util.stream.Stream;

/** Completion for bash 4.4 and later, without the package bash-completion. */
final class BashScript {
    private static final String HEAD = """
            # bash completion for tpctl. For this shell: source <(tpctl completion bash)
            _tpctl_offer() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur"); }
            _tpctl_files() { mapfile -t COMPREPLY < <(compgen -f -- "$cur"); compopt -o filenames 2>/dev/null; }
            # Not by compgen -W, which expands its words as a shell does.
            _tpctl_pools() {
                local id plain='%s'
                while IFS= read -r id; do
                    [[ $id =~ $plain && $id == "$cur"* ]] && COMPREPLY+=("$id")
                done < <("$program" ls --all --timeout 1s --quiet 2>/dev/null)
            }

            _complete_tpctl() {
                local program=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
                local command=tpctl word i
                COMPREPLY=()
                # An equals sign is a word of its own here.
                if [[ $cur == '=' ]]; then
                    cur=
                elif [[ $prev == '=' && $COMP_CWORD -ge 2 ]]; then
                    prev=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ $word == -- ]]; then
                        _tpctl_files
                        return
                    fi
                    case "$command $word" in
            """.replace("%s", "^" + ShellText.PLAIN_ID + "$");
    private static final String TAIL = """
            }
            complete -F _complete_tpctl tpctl
            """;

    private final StringBuilder script = new StringBuilder(HEAD);

    private BashScript() {}

    static String of(List<Completion> commands) {
        BashScript bash = new BashScript();
        bash.write(commands);
        return bash.script.toString();
    }

    private void write(List<Completion> commands) {
        List<String> inner = commands.stream().skip(1).map(Completion::path).toList();
        line("        " + ShellText.patterns(inner) + ") command=\"$command $word\" ;;");
        line("        esac");
        line("    done");
        line("    case \"$command $prev\" in");
        commands.forEach(command -> command.options().stream()
                .filter(Option::takesValue)
                .forEach(option -> line("    " + ShellText.patterns(command.paths(option)) + ") "
                        + offer(option.value()) + "; return ;;")));
        line("    esac");
        line("    if [[ $cur == -* ]]; then");
        line("        case $command in");
        commands.forEach(command -> line("        " + ShellText.quoted(command.path()) + ") "
                + words(command.options().stream().flatMap(option -> option.names().stream())) + " ;;"));
        line("        esac");
        line("        return");
        line("    fi");
        line("    case $command in");
        commands.forEach(
                command -> line("    " + ShellText.quoted(command.path()) + ") " + wordsOrArgument(command) + " ;;"));
        line("    esac");
        script.append(TAIL);
    }

    /** What offers words sets them, and what offers pools adds to them. */
    private static String wordsOrArgument(Completion command) {
        if (command.commands().isEmpty()) {
            return offer(command.argument());
        }
        String commands = words(command.commands().stream().map(Word::text));
        return command.takesArgument() ? commands + "; " + offer(command.argument()) : commands;
    }

    private static String offer(Value value) {
        return switch (value.kind()) {
            case ANYTHING -> ":";
            case WORDS -> words(value.words().stream());
            case FILES -> "_tpctl_files";
            case POOLS -> "_tpctl_pools";
        };
    }

    private static String words(Stream<String> words) {
        return "_tpctl_offer " + ShellText.quoted(String.join(" ", words.toList()));
    }

    private void line(String text) {
        script.append(text).append('\n');
    }
}
