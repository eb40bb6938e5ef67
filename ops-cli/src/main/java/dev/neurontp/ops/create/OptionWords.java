package dev.neurontp.ops.create;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a daemon refuses of a pool's fields, with the option that the person has typed for it. */
final class OptionWords {
    private static final Map<String, String> OPTIONS = Map.of(
            "world_size", "-n",
            "devices", "--devices",
            "communicator", "--communicator",
            "name", "--name",
            "labels", "--label",
            "restart", "--restart",
            "launcher", "--launcher",
            "hosts", "--hosts");

    private static final Pattern FIELD = Pattern.compile("^([a-z_]+)(?= )");

    private OptionWords() {}

    /** The refusal, or {@code refused} where it names no such field. */
    static RuntimeException of(ApiErrorException refused) {
        Optional<String> option = option(refused.getMessage());
        return refused.error().is(ErrorType.WRONG_SHAPE) && option.isPresent()
                ? usage(option.get() + ": " + refused.getMessage(), refused)
                : refused;
    }

    /** The same of what a daemon would refuse. */
    static CommandException of(IllegalArgumentException refused) {
        String named = option(refused.getMessage()).map(option -> option + ": ").orElse("");
        return usage(named + refused.getMessage(), refused);
    }

    private static Optional<String> option(String message) {
        Matcher field = FIELD.matcher(message);
        return field.find() ? Optional.ofNullable(OPTIONS.get(field.group())) : Optional.empty();
    }

    private static CommandException usage(String message, Exception refused) {
        return new CommandException(ExitCode.USAGE, message, "Change that option; --help lists them.", refused);
    }
}
