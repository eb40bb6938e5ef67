package dev.neurontp.ops.create;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.util.Map;
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
        Matcher field = FIELD.matcher(refused.getMessage());
        if (!refused.error().is(ErrorType.WRONG_SHAPE) || !field.find() || !OPTIONS.containsKey(field.group())) {
            return refused;
        }
        return new CommandException(
                ExitCode.USAGE,
                OPTIONS.get(field.group()) + ": " + refused.getMessage(),
                "Change that option; --help lists them.",
                refused);
    }
}
