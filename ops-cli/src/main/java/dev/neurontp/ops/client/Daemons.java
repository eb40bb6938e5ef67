package dev.neurontp.ops.client;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.worker.os.ExitCode;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Which daemons a command speaks to: the one that was named, or all live ones of this user and host. */
public final class Daemons {
    private final LiveDaemons live;
    private final Optional<Path> tokenFile;
    private final Optional<Path> authorities;
    private final Map<List<?>, Daemon> known = new ConcurrentHashMap<>();
    private final Map<URI, Daemon> unknown = new ConcurrentHashMap<>();
    private volatile LiveDaemons.Found seen;

    /** Looks in {@code live}; tokens and certificates are those that the daemons' runtime files name. */
    public Daemons(LiveDaemons live) {
        this(live, Optional.empty(), Optional.empty());
    }

    /**
     * Looks in {@code live}.
     *
     * @param tokenFile where the daemon's token stands; empty for where its runtime file says
     * @param authorities whose certificates are taken (PEM); empty for those that the runtime file names
     */
    public Daemons(LiveDaemons live, Optional<Path> tokenFile, Optional<Path> authorities) {
        this.live = live;
        this.tokenFile = tokenFile;
        this.authorities = authorities;
    }

    /**
     * At least one daemon.
     *
     * @param host the address of one; empty for all live ones
     */
    public List<Daemon> find(Optional<String> host) {
        List<Daemon> found = findAny(host);
        if (found.isEmpty()) {
            throw none("");
        }
        return found;
    }

    /** The same; none where no daemon of this user lives here. */
    public List<Daemon> findAny(Optional<String> host) {
        if (host.isPresent()) {
            return List.of(named(host.get()));
        }
        LiveDaemons.Found found = live.look();
        seen = found;
        return found.live().stream().map(this::of).toList();
    }

    /** What was found at the last look for all live ones; looks where there was none. */
    LiveDaemons.Found seen() {
        LiveDaemons.Found last = seen;
        return last == null ? live.look() : last;
    }

    /**
     * That no daemon of this user lives here.
     *
     * @param more that was looked for and not found, behind the message
     */
    public CommandException none(String more) {
        LiveDaemons.Found found = seen();
        return new CommandException(
                ExitCode.COULD_NOT_RUN,
                (found.whole()
                                ? "no neuron daemon of this user runs on this host"
                                : "no neuron daemon of this user was found on this host, but not all could be looked at")
                        + " (looked in " + live.places() + ")" + more,
                (more.isEmpty() ? "What ran before: tpctl ls --all.\n" : "")
                        + "Start one with a pool: tpctl up -d. For a daemon elsewhere: --host URL --token-file FILE."
                        + lines(found.notes()));
    }

    private static String lines(List<String> notes) {
        return notes.stream().map(note -> "\n" + note).collect(Collectors.joining());
    }

    /** A daemon that a runtime file names; the same object each time. */
    public Daemon of(DaemonFile file) {
        return known.computeIfAbsent(key(file), _ -> create(file));
    }

    /** What makes it another daemon or another way to it. The code that Java makes for a record's equality takes long to get ready. */
    private static List<?> key(DaemonFile file) {
        return List.of(file.pid(), file.startTicks(), file.bootId(), file.url(), file.tokenFile(), file.certificates());
    }

    private Daemon create(DaemonFile file) {
        Token token = tokenFile.map(Token::named).orElseGet(() -> Token.of(Path.of(file.tokenFile())));
        return new Daemon(
                URI.create(file.url()),
                token,
                file,
                authorities.map(Trust::authorities).orElseGet(() -> Trust.of(file)));
    }

    private Daemon named(String text) {
        URI host = HostAddress.of(text);
        return registered().stream()
                .filter(file -> same(file.url(), host))
                .findFirst()
                .map(this::of)
                .orElseGet(() -> unknown.computeIfAbsent(host, this::unknown));
    }

    /** Where address and token are both given, a folder that cannot be used does not matter. */
    private List<DaemonFile> registered() {
        try {
            return live.all();
        } catch (CommandException e) {
            if (tokenFile.isEmpty()) {
                throw e;
            }
            return List.of();
        }
    }

    private Daemon unknown(URI host) {
        // Our own token goes to this host only, never to whoever was named.
        if (tokenFile.isEmpty() && !loopback(host)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--host " + host + " is another host, and its token is not known here",
                    "Copy the token file of that daemon to here (mode 0600) and name it with --token-file.");
        }
        return new Daemon(
                host,
                tokenFile.map(Token::named).orElseGet(() -> Token.of(live.tokenFile())),
                null,
                authorities.map(Trust::authorities).orElseGet(Trust::usual));
    }

    private static boolean same(String url, URI host) {
        URI known = URI.create(url);
        return host.getScheme().equalsIgnoreCase(known.getScheme())
                && host.getHost().equals(known.getHost())
                && host.getPort() == known.getPort();
    }

    private static boolean loopback(URI host) {
        try {
            return InetAddress.getByName(host.getHost()).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
