package dev.neurontp.ops.client;

import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.ExitCode;
import java.nio.file.Path;

/** What a daemon's error means for the one who asked: an exit code, and what to do next. */
public final class ApiErrors {
    private ApiErrors() {}

    /** The refusal as the end of a command. */
    public static CommandException explain(ApiErrorException refusal) {
        Daemon daemon = refusal.daemon();
        String message = refusal.getMessage();
        return switch (refusal.error().type()) {
            case "unauthorized" ->
                end(
                        refusal,
                        ExitCode.COULD_NOT_RUN,
                        "the daemon at " + daemon + " refuses the token in "
                                + daemon.token().file(),
                        isItsOwn(daemon)
                                ? "The file has changed since that daemon started: put the old token back, or start the"
                                        + " daemon anew."
                                : "Name its own token file with --token-file: the runtime file of that daemon says which"
                                        + " (docs/operating.md, 'Where a live daemon is found').");
            case "busy" ->
                end(refusal, ExitCode.OUT_OF_TIME, message, "Wait longer with --timeout 2m, or end it: tpctl kill.");
            case "pool_failed" ->
                end(
                        refusal,
                        ExitCode.FAILED,
                        story(refusal),
                        "A failed pool does not come back. tpctl status and tpctl logs show more; then bring up a new one.");
            case "pool_ended" ->
                end(refusal, ExitCode.COULD_NOT_RUN, message, "tpctl ls --all shows it; bring up a new pool to go on.");
            case "wrong_state" ->
                end(
                        refusal,
                        ExitCode.FAILED,
                        message,
                        "tpctl status shows what the pool is doing. The order is: init once, then sanity.");
            case "no_such_pool", "no_such_operation" ->
                end(refusal, ExitCode.COULD_NOT_RUN, message, "tpctl ls --all lists the pools.");
            case "wrong_shape", "malformed" ->
                end(refusal, ExitCode.USAGE, message, "Change the option that it names; --help lists them.");
            case "foreign_host" ->
                end(
                        refusal,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "Use the address that the daemon itself names: tpctl ls.");
            case "stopping" ->
                end(
                        refusal,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "Wait until it is gone (tpctl ls), then start a new one.");
            case "too_many_pools", "too_many_operations", "too_many_streams" ->
                end(
                        refusal,
                        ExitCode.COULD_NOT_RUN,
                        message,
                        "tpctl ls shows what lives; end what nobody needs, then ask again.");
            default ->
                end(
                        refusal,
                        refusal.status() >= 500 ? ExitCode.COULD_NOT_RUN : ExitCode.FAILED,
                        "the daemon at " + daemon + " refused: " + message + " ("
                                + refusal.error().type() + ")",
                        "tpctl status and the daemon's log say more.");
        };
    }

    private static boolean isItsOwn(Daemon daemon) {
        return daemon.file()
                .filter(file -> Path.of(file.tokenFile()).equals(daemon.token().file()))
                .isPresent();
    }

    private static String story(ApiErrorException refusal) {
        Failure failure = refusal.error().failure();
        return failure == null || failure.text() == null ? refusal.getMessage() : failure.text();
    }

    private static CommandException end(ApiErrorException refusal, int code, String message, String next) {
        return new CommandException(code, message, next, refusal);
    }
}
