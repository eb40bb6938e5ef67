package dev.neurontp.ops.client;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What a daemon's error means for the one who asked: an exit code, and what to do next. */
public final class ApiErrors {
    private static final int MOST_HOSTS = 16;

    private ApiErrors() {}

    /** The error as the end of a command. */
    public static CommandException explain(ApiErrorException error) {
        return ErrorType.of(error.error().type())
                .map(type -> explain(type, error))
                .orElseGet(() -> unexplained(error));
    }

    private static CommandException explain(ErrorType type, ApiErrorException error) {
        Daemon daemon = error.daemon();
        String message = error.getMessage();
        return switch (type) {
            case UNAUTHORIZED ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        "the daemon at " + daemon + " refuses the token in "
                                + daemon.token().file(),
                        isItsOwn(daemon)
                                ? "The file has changed since that daemon started: put the old token back, or start the"
                                        + " daemon anew."
                                : "Name its own token file with --token-file: the runtime file of that daemon says which"
                                        + " (docs/operating.md, 'Where a live daemon is found').");
            case BUSY ->
                end(error, ExitCode.TIMED_OUT, message, "Wait longer with --timeout 2m, or end it: tpctl kill ID.");
            case POOL_FAILED ->
                end(
                        error,
                        ExitCode.FAILED,
                        error.error().failure().map(PoolView.Failure::text).orElse(message),
                        hosts(error)
                                + "A failed pool does not recover. tpctl status and tpctl logs show more, tpctl ls --all where"
                                + " its daemon has ended; then bring up a new one, unless its policy does.");
            case POOL_ENDED ->
                end(error, ExitCode.COULD_NOT_RUN, message, "tpctl ls --all shows it; bring up a new pool to go on.");
            case WRONG_STATE -> end(error, ExitCode.FAILED, message, "tpctl status shows what the pool is doing.");
            case NAME_TAKEN ->
                end(error, ExitCode.COULD_NOT_RUN, message, "tpctl status shows that pool; tpctl shutdown ends it.");
            case DEVICE_TAKEN ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "tpctl devices shows who has which GPU of the daemon's own host; where a live pool has it, --share-devices lets pools share it.");
            case NO_SUCH_DEVICE ->
                end(error, ExitCode.USAGE, message, "tpctl devices lists the GPUs; --devices names one for each rank.");
            case COMMUNICATOR_UNAVAILABLE ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "tpctl doctor says more; without GPUs: --communicator loopback.");
            case NO_SUCH_POOL -> end(error, ExitCode.COULD_NOT_RUN, message, "tpctl ls --all lists the pools.");
            case NO_SUCH_OPERATION ->
                end(error, ExitCode.COULD_NOT_RUN, message, "tpctl events POOL shows what became of it.");
            case OTHER_API_VERSION -> end(error, ExitCode.COULD_NOT_RUN, message, ConnectionErrors.OTHER_API);
            case WRONG_SHAPE, MALFORMED ->
                end(
                        error,
                        ExitCode.USAGE,
                        message,
                        "Change what it names: an option (--help lists them), a field of the pool file, or the daemon's settings.");
            case FOREIGN_HOST ->
                end(error, ExitCode.COULD_NOT_RUN, message, "Use the address that the daemon itself names: tpctl ls.");
            case STOPPING ->
                end(error, ExitCode.COULD_NOT_RUN, message, "Wait until it is gone (tpctl ls), then start a new one.");
            case HOST_LIMIT ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "Raise the limit of the daemon's user or control group (ulimit -u, TasksMax=, pids.max), or end"
                                + " pools: tpctl ls.");
            case TOO_MANY_POOLS ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "tpctl ls shows what lives; end what nobody needs, then ask again.");
            case TOO_MANY_OPERATIONS ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "tpctl status shows what is under way. Ask again when that is over, or end it: tpctl kill ID.");
            case TOO_MANY_STREAMS ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "Each tpctl events -f, logs -f and wait, each dashboard and each tpctl up has one: end one that"
                                + " nobody reads, then ask again.");
            case COMMAND_NOT_ALLOWED ->
                end(error, ExitCode.USAGE, message, "Take a command that the daemon's settings allow, or none.");
            case TOO_LARGE -> end(error, ExitCode.USAGE, message, "Ask for less, or raise the limit that it names.");
            case SETTINGS_REFUSED ->
                end(
                        error,
                        ExitCode.FAILED,
                        message,
                        "Correct the daemon's settings, then ask again. tpctl help reload says more.");
            case NO_SUCH_PATH, WRONG_METHOD ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        "the daemon at " + daemon + " does not know this request: " + message,
                        "It may be of another version: tpctl version, and GET /discovery of the daemon.");
            case NOT_READY ->
                end(
                        error,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "Change what it names on the daemon's host, then ask again. Its log and tpctl doctor there say more.");
            case READ_ONLY, UNKNOWN_HARNESS, MODEL_REFUSED, FOREIGN_ORIGIN, NOT_JSON, INTERNAL -> unexplained(error);
        };
    }

    /** Where nothing was started on a host, the check that knows the remedies; its devices do not matter to that. */
    private static String hosts(ApiErrorException error) {
        List<String> silent = error.error().failure().stream()
                .flatMap(failure -> failure.ranks().stream())
                .filter(rank -> rank.pid() == 0)
                .flatMap(rank -> rank.host().stream())
                .map(host -> ForeignText.of(host, ForeignText.NAME) + ":0")
                .distinct()
                .toList();
        if (silent.isEmpty()) {
            return "";
        }
        int more = silent.size() - MOST_HOSTS;
        return "What to do on a host: tpctl preflight --hosts "
                + silent.stream().limit(MOST_HOSTS).collect(Collectors.joining(","))
                + " --launcher NAME, with the daemon's --config FILE"
                + (more > 0 ? "; and so for " + more + " more" : "")
                + ". ";
    }

    /** A type that a command of this version does not cause, or that a newer daemon has. */
    private static CommandException unexplained(ApiErrorException error) {
        return end(
                error,
                error.status() >= 500 ? ExitCode.COULD_NOT_RUN : ExitCode.FAILED,
                "the daemon at " + error.daemon() + " refused: " + error.getMessage() + " ("
                        + error.error().type() + ")",
                "tpctl status and the daemon's log say more.");
    }

    private static boolean isItsOwn(Daemon daemon) {
        return daemon.file()
                .filter(file -> Path.of(file.tokenFile()).equals(daemon.token().file()))
                .isPresent();
    }

    private static CommandException end(ApiErrorException error, int code, String message, String next) {
        return new CommandException(code, message, next, error);
    }
}
