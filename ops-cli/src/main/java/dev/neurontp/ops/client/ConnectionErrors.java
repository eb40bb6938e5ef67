package dev.neurontp.ops.client;

import dev.neurontp.harness.api.ApiVersion;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.OpenFilesLimit;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/** Explains why a daemon could not be reached. */
final class ConnectionErrors {
    private static final Duration DYING = Duration.ofMillis(500);
    private static final int QUOTED = 300;
    private static final Duration LOOK = Duration.ofMillis(20);

    /** What a gateway says that had no answer, or no good one. */
    private static final Set<Integer> GATEWAY = Set.of(502, 503, 504);

    /** ENETUNREACH, EADDRNOTAVAIL and EHOSTUNREACH, in the words of the C library; our launchers keep them English. */
    private static final Pattern OF_THIS_HOST = Pattern.compile(
            "Network is unreachable|Cannot assign requested address|No route to host|Address already in use");

    /** What to do where daemon and client speak different versions of the API. */
    static final String OTHER_API =
            "Use the tpctl that was installed with that daemon; neuron --version shows its version.";

    /** Who asks again for a pool that is there gets name_taken, or a second one. */
    private static final String PERHAPS_DONE =
            "What was asked for may be done, or under way there: look first (tpctl ls, tpctl status), before you ask again.";

    private ConnectionErrors() {}

    /**
     * The reason.
     *
     * @param timeout how long was waited
     * @param changes whether what was asked for may have been done, if it was sent
     */
    static CommandException of(Daemon daemon, Throwable problem, Duration timeout, boolean changes) {
        Throwable cause = problem;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (TlsErrors.isCutOff(cause)) {
            return cutOff(daemon, cause);
        }
        Optional<CommandException> tls = TlsErrors.of(daemon, cause);
        if (tls.isPresent()) {
            return tls.get();
        }
        Optional<ThreadLimitException> limit = threadLimit(cause);
        if (limit.isPresent()) {
            return failed(
                    limit.get().getMessage(),
                    "Run this where more threads are allowed, or end what nobody needs.",
                    cause);
        }
        if (OpenFilesLimit.isCauseOf(cause)) {
            return failed("the daemon at " + daemon + " could not be asked: " + OpenFilesLimit.WORDS, "", cause);
        }
        if (cause instanceof HttpConnectTimeoutException || cause instanceof ConnectException) {
            return isUnknownHost(cause.getCause())
                    ? failed("the host of " + daemon.url() + " is not known", "Check the address after --host.", cause)
                    : unreachable(daemon, cause);
        }
        if (cause instanceof HttpTimeoutException
                || cause instanceof TimeoutException
                || cause instanceof SocketTimeoutException
                || cause instanceof WatchedInput.TooLateException) {
            return late(daemon, " did not answer within " + Durations.measured(timeout), cause);
        }
        return gone(daemon, cause, changes);
    }

    /** A stream that goes on where it should end. */
    static CommandException unended(Daemon daemon, Duration whole, IOException reason) {
        return late(daemon, " did not end its answer within " + Durations.measured(whole) + " of reading", reason);
    }

    private static CommandException late(Daemon daemon, String what, Throwable cause) {
        return new CommandException(
                ExitCode.TIMED_OUT,
                "the daemon at " + daemon + what,
                daemon.file()
                        .map(ConnectionErrors::adviceOnTimeout)
                        .orElse("What was asked for may still be under way there. Give it longer with --timeout."),
                cause);
    }

    private static boolean isUnknownHost(Throwable cause) {
        return cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException;
    }

    /** Of this program, whose connection may be what wanted the thread. */
    private static Optional<ThreadLimitException> threadLimit(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof ThreadLimitException known) {
                return Optional.of(known);
            }
            if (cause instanceof OutOfMemoryError memory && ThreadLimitException.isCauseOf(memory)) {
                return Optional.of(ThreadLimitException.of("http", memory));
            }
        }
        return Optional.empty();
    }

    private static String adviceOnTimeout(DaemonFile file) {
        return file.stopped()
                ? "Its process is stopped, by a signal or a debugger. To let it go on: kill -CONT " + file.pid()
                : "What was asked for may still be under way there: tpctl status. Give it longer with --timeout. If it"
                        + " answers nothing at all, it may have no connection or descriptor free: its log says how many"
                        + " it takes, and ls -l /proc/" + file.pid() + "/fd what it has open. If it hangs, a bug report"
                        + " needs what jstack " + file.pid() + " prints. To end it: kill -TERM " + file.pid()
                        + ", which ends its live pools, too.";
    }

    private static CommandException unreachable(Daemon daemon, Throwable cause) {
        if (ended(daemon)) {
            return over(daemon, cause);
        }
        if (daemon.file().filter(DaemonFile::inAnotherNetwork).isPresent()) {
            long pid = daemon.file().get().pid();
            return failed(
                    "the daemon at " + daemon + " listens in another network namespace than this one",
                    "Ask from there: nsenter --net=/proc/" + pid + "/ns/net, then the same command.",
                    cause);
        }
        String said = ForeignText.of(String.valueOf(cause.getMessage()), QUOTED);
        if (OF_THIS_HOST.matcher(said).find()) {
            return failed(
                    "no connection to the daemon at " + daemon + ": " + said,
                    "This host cannot make the connection, whatever the daemon does. Look at its interfaces (ip addr: is lo up?) and its"
                            + " free ports (ss -s; sysctl net.ipv4.ip_local_port_range).",
                    cause);
        }
        String next = daemon.file().isPresent()
                ? "Its process runs (pid " + daemon.file().get().pid()
                        + "). Look whether the interface of its address is up"
                        + " (ip addr), then at its log; if it hangs: kill -TERM "
                        + daemon.file().get().pid() + ", which ends its live pools, too."
                : "Check the address, and that the daemon runs there. tpctl ls without --host shows this host's.";
        return failed("no connection to the daemon at " + daemon, next, cause);
    }

    /** The same, of a request that was sent and would have changed something. */
    static CommandException perhapsDone(CommandException e) {
        return new CommandException(e.exitCode(), e.getMessage(), PERHAPS_DONE + "\n" + e.next(), e);
    }

    private static CommandException gone(Daemon daemon, Throwable cause, boolean changes) {
        Optional<CommandException> foreign = foreign(daemon, cause);
        if (foreign.isEmpty() && ended(daemon)) {
            return over(daemon, cause);
        }
        CommandException reason = foreign.orElseGet(() -> failed(
                "the daemon at " + daemon + " broke the connection: " + said(cause),
                "Look whether it still runs (tpctl ls), and at its log.",
                cause));
        return changes ? perhapsDone(reason) : reason;
    }

    private static Optional<CommandException> foreign(Daemon daemon, Throwable cause) {
        if (cause instanceof Http.TooLargeException) {
            return Optional.of(failed(
                    "the answer of the daemon at " + daemon + " has more than " + Http.MOST_BYTES
                            + " bytes, the most that is taken",
                    "Check the address after --host: no daemon of this version says as much.",
                    cause));
        }
        if (cause instanceof ProtocolException || said(cause).startsWith("parsing HTTP")) {
            return Optional.of(failed(
                    "what answers at " + daemon + " does not speak HTTP",
                    "If the daemon has TLS, its address begins with https://. Else check the address after --host.",
                    cause));
        }
        return Optional.empty();
    }

    private static String said(Throwable cause) {
        return ForeignText.of(cause.getMessage() == null ? cause.toString() : cause.getMessage(), QUOTED);
    }

    private static CommandException cutOff(Daemon daemon, Throwable cause) {
        return ended(daemon)
                ? over(daemon, cause)
                : failed(
                        "the daemon at " + daemon + " ended the connection while TLS was agreed on",
                        "Look whether it still runs (tpctl ls), and at its log. If it does not speak TLS, its address"
                                + " begins with http://, not https://.",
                        cause);
    }

    private static CommandException over(Daemon daemon, Throwable cause) {
        return new DaemonEndedException("the daemon at " + daemon + " ended while it was asked", cause);
    }

    /** Whether its process is gone. One that is being killed has closed its connections a moment before that shows. */
    static boolean ended(Daemon daemon) {
        long deadline = System.nanoTime() + DYING.toNanos();
        while (daemon.file().isPresent() && !daemon.file().get().gone()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return daemon.file().isPresent();
    }

    /** A stream without a sign of life. */
    static CommandException silent(Daemon daemon, Duration silence, IOException reason) {
        return failed(
                "the daemon at " + daemon + " has sent nothing for " + Durations.measured(silence)
                        + ", and a live one sends something at least every 15 s",
                daemon.file()
                        .map(ConnectionErrors::adviceOnTimeout)
                        .orElse("Look whether it still runs, and at the network between."),
                reason);
    }

    /** An answer that no daemon gives. */
    static CommandException strange(Daemon daemon, int status, UnexpectedReplyException reason) {
        String said = " (status " + status + "; " + ForeignText.of(reason.getMessage(), QUOTED) + ")";
        return failed(
                GATEWAY.contains(status)
                        ? "what stands before the daemon at " + daemon + " answered in its place" + said
                        : "what answers at " + daemon + " is no neuron daemon of this version" + said,
                "Check the address after --host: another program or a proxy may answer there. tpctl --version and"
                        + " neuron --version show whether both are of one version.",
                reason);
    }

    /** An answer of a version of the API that this program does not read. */
    static CommandException otherApi(Daemon daemon, String version) {
        return failed(
                "the daemon at " + daemon + " speaks version '" + ForeignText.of(version, ForeignText.NAME)
                        + "' of the API, and this tpctl (" + Versions.product() + ") version " + ApiVersion.CURRENT,
                OTHER_API,
                null);
    }

    private static CommandException failed(String message, String next, Throwable cause) {
        return new CommandException(ExitCode.COULD_NOT_RUN, message, next, cause);
    }
}
