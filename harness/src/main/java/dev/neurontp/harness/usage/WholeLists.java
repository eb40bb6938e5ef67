package dev.neurontp.harness.usage;

import java.util.Arrays;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/**
 * Runs a command whose lists, such as {@code 0,1}, have no empty element, as an unset shell variable leaves it: where all are empty, a list
 * of nothing is left of it, which is another thing than none given.
 */
public final class WholeLists implements IExecutionStrategy {
    @Override
    public int execute(ParseResult parsed) throws ExecutionException, ParameterException {
        for (ParseResult command = parsed; command != null; command = command.subcommand()) {
            command.matchedOptions().forEach(WholeLists::require);
        }
        return new RunLast().execute(parsed);
    }

    private static void require(OptionSpec option) {
        String separator = option.splitRegex();
        if (separator == null || separator.isEmpty()) {
            return;
        }
        for (String value : option.originalStringValues()) {
            if (Arrays.stream(value.split(separator, -1)).anyMatch(String::isBlank)) {
                throw new ParameterException(
                        option.command().commandLine(),
                        "'" + value + "' has an empty element, like a shell variable that is not set",
                        option,
                        value);
            }
        }
    }
}
