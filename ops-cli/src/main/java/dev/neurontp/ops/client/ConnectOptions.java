package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which daemon, and how long to wait for it. */
public final class ConnectOptions {
    private static final Duration READ = Duration.ofSeconds(10);

    @Mixin
    DaemonOptions daemon;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to wait for an answer, like 500ms, 30s, 2m. Then exit code 4.")
    Duration timeout;

    /** As nobody gave any. */
    public ConnectOptions() {}

    /** Of {@code daemon}, with the usual wait. */
    public static ConnectOptions of(DaemonOptions daemon) {
        ConnectOptions connect = new ConnectOptions();
        connect.daemon = daemon;
        return connect;
    }

    /** The daemons to speak to, at least one. */
    public List<Daemon> daemons() {
        timeout(); // refused before anything is asked
        return daemon.daemons();
    }

    /** The same; none where no daemon of this user lives here. */
    public List<Daemon> anyDaemons() {
        timeout();
        return daemon.anyDaemons();
    }

    /** That no daemon of this user lives here; {@code more} is behind the message. */
    public CommandException noDaemon(String more) {
        return daemon.none(more);
    }

    /** What daemons of this user have written down. */
    public PastPools past() {
        return daemon.past();
    }

    /** The daemon that the user named, or the only one there is. */
    public Daemon oneDaemon() {
        List<Daemon> daemons = daemons();
        requireNoneUnasked();
        return one(daemons);
    }

    /** The only one of {@code daemons}; with several the user has to name one. */
    public static Daemon one(List<Daemon> daemons) {
        if (daemons.size() > 1) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "there are " + daemons.size() + " daemons: which one?",
                    "Name it with --host: "
                            + HumanText.list(daemons.stream()
                                    .map(daemon -> daemon.url().toString())
                                    .toList()));
        }
        return daemons.getFirst();
    }

    /** Whether the user named one daemon by its address. */
    public boolean isNamed() {
        return daemon.isNamed();
    }

    /**
     * Notes on files in the runtime folders that are no live daemons: of other hosts, or unreadable. Empty where a
     * daemon is named.
     */
    public List<String> notes() {
        return daemon.notes();
    }

    /**
     * One for each daemon of this user that lives here as it seems, and that there is no way to: as one that does not answer. Empty where a
     * daemon is named.
     */
    public List<CommandException> unasked() {
        return daemon.unasked();
    }

    /** Refuses where there is one of {@link #unasked}: it may be the one that is meant, or have what is asked for. */
    public void requireNoneUnasked() {
        unasked().stream().findFirst().ifPresent(other -> {
            throw other;
        });
    }

    /** What the user gave. */
    public Optional<Duration> timeout() {
        if (timeout != null && timeout.isZero()) {
            throw new CommandException(ExitCode.USAGE, "--timeout is 0: it must be at least 1ms", "Give it longer.");
        }
        return Optional.ofNullable(timeout);
    }

    /** For a request that only reads. */
    public Duration readTimeout() {
        return timeout().orElse(READ);
    }
}
