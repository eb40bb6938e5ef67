package dev.neurontp.ops.help.completion;

import dev.neurontp.ops.help.completion.Completion.Kind;
import dev.neurontp.ops.help.completion.Completion.Option;
import dev.neurontp.ops.help.completion.Completion.Value;
import java.util.List;
import java.util.stream.Collectors;

/** Completion for fish 3.0 and later, with descriptions. */
final class FishScript {
    private static final String HEAD = """
            # fish completion for tpctl. For this shell: tpctl completion fish | source
            function __tpctl_pools
                set -l words (commandline -opc)
                $words[1] ls --all --timeout 1s --no-headers --no-trunc 2>/dev/null | string replace -fr '^(%s)\\\\s+' '$1\\\\t'
            end

            # Whether the command that is typed is this one.
            function __tpctl_is
                set -l command tpctl
                for word in (commandline -opc)[2..-1]
                    if test "$word" = --
                        return 1
                    end
                    if contains -- "$command $word" $__tpctl_commands
                        set command "$command $word"
                    end
                end
                test "$command" = "$argv[1]"
            end

            complete -c tpctl -f
            complete -c tpctl -n 'contains -- -- (commandline -opc)' -F
            """.replace("%s", ShellText.PLAIN_ID);

    private final StringBuilder script = new StringBuilder();

    private FishScript() {}

    static String of(List<Completion> commands) {
        FishScript fish = new FishScript();
        fish.write(commands);
        return fish.script.toString();
    }

    private void write(List<Completion> commands) {
        script.append(HEAD);
        line("set -g __tpctl_commands "
                + commands.stream()
                        .skip(1)
                        .map(command -> quoted(command.path()))
                        .collect(Collectors.joining(" ")));
        for (Completion command : commands) {
            String where = "complete -c tpctl -n " + quoted("__tpctl_is \"" + command.path() + "\"");
            command.commands()
                    .forEach(word -> line(where + " -a " + quoted(word.text()) + " -d " + quoted(word.meaning())));
            if (!offer(command.argument()).isEmpty()) {
                line(where + offer(command.argument()));
            }
            command.options().forEach(option -> line(where + option(option)));
        }
    }

    private static String option(Option option) {
        String names = option.names().stream().map(FishScript::name).collect(Collectors.joining());
        String value = "";
        if (option.takesValue()) {
            // Without -x fish would offer files too.
            value = (option.value().kind() == Kind.FILES ? " -r" : " -x") + offer(option.value());
        }
        return names + value + " -d " + quoted(option.meaning());
    }

    private static String name(String name) {
        if (name.startsWith("--")) {
            return " -l " + name.substring(2);
        }
        return (name.length() == 2 ? " -s " : " -o ") + name.substring(1);
    }

    private static String offer(Value value) {
        return switch (value.kind()) {
            case ANYTHING -> "";
            case WORDS -> " -a " + quoted(String.join(" ", value.words()));
            case FILES -> " -F";
            case POOLS -> " -a '(__tpctl_pools)'";
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private void line(String text) {
        script.append(text).append('\n');
    }
}
