package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which daemon, and how long to wait for it. */
public final class ConnectOptions {
    private static final Duration READ = Duration.ofSeconds(10);

    private final LiveDaemons live;

    @Option(
            names = "--host",
            paramLabel = "URL",
            description = "The daemon's address. Default: all live daemons of this user and host.")
    private String host;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Where the daemon's token stands. Default: where its runtime file says.")
    private Path tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "Of a daemon with TLS: whose certificates to trust (PEM)."
                            + " Default: the daemon's own, as its runtime file names it; for other hosts the authorities that Java knows.")
    private Path authorities;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to wait for an answer, like 500ms, 30s, 2m. Then exit code 4.")
    private Duration timeout;

    /** Looks for daemons in {@code folders} where none is named. */
    public ConnectOptions(RuntimeFolders folders) {
        this.live = new LiveDaemons(folders);
    }

    /** The daemons to speak to, at least one. */
    public List<Daemon> daemons() {
        timeout(); // refused before anything is asked
        return new Daemons(live, Optional.ofNullable(tokenFile), Optional.ofNullable(authorities))
                .find(Optional.ofNullable(host));
    }

    /**
     * Notes on files in the runtime folders that are no live daemons: of other hosts, or unreadable. Empty where a
     * daemon is named.
     */
    public List<String> notes() {
        return host == null ? live.look().notes() : List.of();
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
