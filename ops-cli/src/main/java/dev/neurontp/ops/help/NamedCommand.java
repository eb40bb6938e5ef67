package dev.neurontp.ops.help;

import dev.neurontp.harness.NeuronMain;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Suggestion;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Completes;
import dev.neurontp.worker.os.ExitCode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that words name, like {@code ping}, or {@code bench ping}. */
final class NamedCommand {
    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            completionCandidates = Completes.Commands.class,
            description = "The command, like ping or bench ping. Default: tpctl itself.")
    List<String> words = List.of();

    /** {@code tpctl} itself where there are no words. */
    CommandLine get() {
        if (words.equals(List.of(ManPage.NEURON))) {
            return NeuronMain.described();
        }
        CommandLine command = spec.root().commandLine();
        for (String word : words) {
            CommandLine next = command.getSubcommands().get(word);
            if (next == null) {
                throw unknown(command, word);
            }
            command = next;
        }
        return command;
    }

    /** Whether words name a command. */
    boolean isGiven() {
        return !words.isEmpty();
    }

    /** {@code tpctl}, {@code neuron} and all their commands that are shown, those of commands too. */
    Stream<CommandLine> all() {
        return Stream.concat(withCommands(spec.root().commandLine()), Stream.of(NeuronMain.described()));
    }

    private static Stream<CommandLine> withCommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream()
                        .distinct()
                        .filter(next -> !next.getCommandSpec().usageMessage().hidden())
                        .flatMap(NamedCommand::withCommands));
    }

    private static CommandException unknown(CommandLine parent, String word) {
        Set<String> known = parent.getSubcommands().keySet();
        String name = parent.getCommandSpec().qualifiedName();
        return new CommandException(
                ExitCode.USAGE,
                "unknown command '" + ForeignText.of(word, ForeignText.NAME) + "' of " + name
                        + Suggestion.question(word, known),
                known.isEmpty() ? name + " has no commands of its own." : "There are: " + String.join(", ", known));
    }
}
