package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.ops.console.CommandException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which daemon. */
public final class DaemonOptions {
    private final LiveDaemons live;
    private final PastPools past;

    @Option(
            names = "--host",
            paramLabel = "URL",
            description = "The daemon's address. Default: all live daemons of this user and host.")
    String host;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Where the daemon's token stands. Default: where its runtime file says.")
    Path tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "Of a daemon with TLS: whose certificates to trust (PEM)."
                            + " Default: the daemon's own, as its runtime file names it; for other hosts the authorities that Java knows.")
    Path authorities;

    private Daemons daemons;

    /** Looks for daemons in {@code folders} where none is named, and for what they have written down in {@code states}. */
    public DaemonOptions(RuntimeFolders folders, StateFolders states) {
        this.live = new LiveDaemons(folders);
        this.past = new PastPools(states);
    }

    /** The daemons to speak to, at least one. Looks again at each call; a daemon that is still there is the same object. */
    public List<Daemon> daemons() {
        return all().find(Optional.ofNullable(host));
    }

    /** The same; none where no daemon of this user lives here. */
    List<Daemon> anyDaemons() {
        return all().findAny(Optional.ofNullable(host));
    }

    /** That no daemon of this user lives here, and what else was not found. */
    CommandException none(String more) {
        return all().none(more);
    }

    /** What daemons of this user have written down. */
    PastPools past() {
        return past;
    }

    private Daemons all() {
        if (daemons == null) {
            daemons = new Daemons(live, Optional.ofNullable(tokenFile), Optional.ofNullable(authorities));
        }
        return daemons;
    }

    /**
     * Notes on files in the runtime folders that are no live daemons: of other hosts, or unreadable. Empty where a
     * daemon is named.
     */
    List<String> notes() {
        return host == null ? all().seen().notes() : List.of();
    }

    /** One for each daemon that lives here as it seems, and that there is no way to. Empty where a daemon is named. */
    List<CommandException> unasked() {
        return host == null ? List.copyOf(all().seen().unasked().values()) : List.of();
    }

    /** Whether a daemon is named by its address. */
    boolean isNamed() {
        return host != null;
    }

    /** Whether one of them was given. */
    public boolean isGiven() {
        return host != null || tokenFile != null || authorities != null;
    }
}
