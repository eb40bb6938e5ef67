package dev.neurontp.ops.help.completion;

import dev.neurontp.ops.help.completion.Completion.Option;
import dev.neurontp.ops.help.completion.Completion.Value;
import java.util.List;
import java.util.stream.Collectors;

/** Completion for zsh 5.0 and later, with descriptions. */
final class ZshScript {
    private static final String HEAD = """
            #compdef tpctl
            # zsh completion for tpctl. For this shell: source <(tpctl completion zsh)
            _tpctl_pools() {
                local -a pools
                local line plain='%s'
                for line in ${(f)"$($words[1] ls --all --timeout 1s --no-headers --no-trunc 2>/dev/null)"}; do
                    [[ ${line%% *} =~ $plain ]] && pools+=("${line%% *}:${${line#* }//:/\\\\:}")
                done
                _describe -t pools pool pools
            }

            _tpctl() {
                local command=tpctl word prev=$words[CURRENT-1] i
                local -a offered
                for ((i = 2; i < CURRENT; i++)); do
                    word=$words[i]
                    if [[ $word == -- ]]; then
                        _files
                        return
                    fi
                    case "$command $word" in
            """.replace("%s", "^" + ShellText.PLAIN_ID + "$");
    private static final String TAIL = """
            }
            if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
                _tpctl "$@"
            else
                compdef _tpctl tpctl
            fi
            """;

    private final StringBuilder script = new StringBuilder(HEAD);

    private ZshScript() {}

    static String of(List<Completion> commands) {
        ZshScript zsh = new ZshScript();
        zsh.write(commands);
        return zsh.script.toString();
    }

    private void write(List<Completion> commands) {
        List<String> inner = commands.stream().skip(1).map(Completion::path).toList();
        line("        (" + ShellText.patterns(inner) + ") command=\"$command $word\" ;;");
        line("        esac");
        line("    done");
        line("    if [[ $PREFIX == --*=* ]]; then");
        line("        prev=${PREFIX%%=*}");
        line("        compset -P '*='");
        line("    fi");
        line("    case \"$command $prev\" in");
        commands.forEach(command -> command.options().stream()
                .filter(Option::takesValue)
                .forEach(option -> line("    (" + ShellText.patterns(command.paths(option)) + ") "
                        + offer(option.value(), option.meaning()) + "; return ;;")));
        line("    esac");
        line("    if [[ $PREFIX == -* ]]; then");
        line("        case $command in");
        commands.forEach(command -> line("        (" + ShellText.quoted(command.path()) + ") offered=("
                + command.options().stream()
                        .flatMap(option -> option.names().stream().map(name -> described(name, option.meaning())))
                        .collect(Collectors.joining(" "))
                + ") ;;"));
        line("        esac");
        line("        _describe -o option offered");
        line("        return");
        line("    fi");
        line("    case $command in");
        commands.forEach(
                command -> line("    (" + ShellText.quoted(command.path()) + ") " + wordsOrArgument(command) + " ;;"));
        line("    esac");
        script.append(TAIL);
    }

    private static String wordsOrArgument(Completion command) {
        String argument = offer(command.argument(), "argument");
        if (command.commands().isEmpty()) {
            return argument;
        }
        return command.takesArgument() ? commandsOf(command) + "; " + argument : commandsOf(command);
    }

    private static String commandsOf(Completion command) {
        return "offered=("
                + command.commands().stream()
                        .map(word -> described(word.text(), word.meaning()))
                        .collect(Collectors.joining(" "))
                + "); _describe -t commands command offered";
    }

    private static String described(String word, String meaning) {
        return ShellText.quoted(word.replace(":", "\\:") + ":" + meaning);
    }

    private static String offer(Value value, String meaning) {
        return switch (value.kind()) {
            case ANYTHING -> "_message " + ShellText.quoted(meaning);
            case WORDS -> "compadd -- " + String.join(" ", value.words());
            case FILES -> "_files";
            case POOLS -> "_tpctl_pools";
        };
    }

    private void line(String text) {
        script.append(text).append('\n');
    }
}
