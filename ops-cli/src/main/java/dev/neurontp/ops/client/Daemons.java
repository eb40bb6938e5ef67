package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.ops.CommandException;
import dev.neurontp.ops.ExitCode;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which daemons a command speaks to: the one that was named, or all live ones of this user and host. */
public final class Daemons {
    private final LiveDaemons live;

    /** Looks in {@code live}. */
    public Daemons(LiveDaemons live) {
        this.live = live;
    }

    /**
     * At least one daemon.
     *
     * @param host the address of one, null for all live ones
     * @param tokenFile where its token stands, null for where its runtime file says
     */
    public List<Daemon> find(URI host, Path tokenFile) {
        if (host != null) {
            return List.of(named(host, tokenFile));
        }
        List<Daemon> found =
                live.all().stream().map(file -> of(file, tokenFile)).toList();
        if (found.isEmpty()) {
            throw new CommandException(
                    ExitCode.COULD_NOT_RUN,
                    "no neuron daemon of this user runs on this host (looked in " + live.folder() + ")",
                    "Start one with a pool: tpctl up -d. For a daemon elsewhere: --host URL --token-file FILE.\n"
                            + "Pools of the original Rust daemon cannot be reached from outside; they are not listed here.");
        }
        return found;
    }

    /** A daemon that a runtime file names. */
    public Daemon of(DaemonFile file, Path tokenFile) {
        Path token = tokenFile == null ? Path.of(file.tokenFile()) : tokenFile;
        return new Daemon(URI.create(file.url()), Token.read(token), file);
    }

    private Daemon named(URI host, Path tokenFile) {
        String scheme = host.getScheme() == null ? "" : host.getScheme().toLowerCase(Locale.ROOT);
        if (!List.of("http", "https").contains(scheme) || host.getHost() == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--host is '" + host + "': it must be an address like http://127.0.0.1:13131",
                    "Try again.");
        }
        Optional<DaemonFile> known =
                live.all().stream().filter(file -> same(file.url(), host)).findFirst();
        if (known.isPresent()) {
            return of(known.get(), tokenFile);
        }
        if (tokenFile != null) {
            return new Daemon(host, Token.read(tokenFile), null);
        }
        // Our own token goes to this host only, never to whoever was named.
        if (!loopback(host)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--host " + host + " is another host, and its token is not known here",
                    "Copy the token file of that daemon to here (mode 0600) and name it with --token-file.");
        }
        return new Daemon(host, Token.read(live.tokenFile()), null);
    }

    private static boolean same(String url, URI host) {
        URI known = URI.create(url);
        return host.getHost().equals(known.getHost()) && host.getPort() == known.getPort();
    }

    private static boolean loopback(URI host) {
        try {
            return InetAddress.getByName(host.getHost()).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
