package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/**
 * One daemon, as it says of itself in the runtime folder.
 *
 * @param format of this file, 1
 * @param url where it listens: {@code http://127.0.0.1:13131}
 * @param tokenFile where the bearer token stands
 * @param certificates with TLS, the {@link Fingerprint}s of the certificates that it may show; else empty
 * @param host where its pid counts; null in a file of an earlier version
 */
public record DaemonFile(
        int format,
        long pid,
        long startTicks,
        String bootId,
        String url,
        String tokenFile,
        String version,
        Instant started,
        List<String> certificates,
        HostIdentity host) {
    /** A comparator of the JDK's making would have its code made at each start: it can be serialized, and no AOT cache takes that. */
    public static final Comparator<DaemonFile> OLDEST_FIRST = (one, other) -> one.started.compareTo(other.started);

    static final int FORMAT = 1;

    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_CHARACTERS = 4096;
    private static final int MOST_PORT = 65535;
    private static final Pattern BOOT = Pattern.compile("[0-9A-Za-z-]{1,64}");

    public DaemonFile {
        certificates = certificates == null ? List.of() : List.copyOf(certificates);
    }

    /** This process, listening at {@code url}. */
    public static DaemonFile ofThisProcess(String url, Path tokenFile, String version, Instant started) {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid())
                .orElseThrow(() -> new IllegalStateException("/proc does not show this process"));
        return new DaemonFile(
                FORMAT,
                self.pid(),
                self.startTicks(),
                self.bootId(),
                url,
                tokenFile.toString(),
                version,
                started,
                List.of(),
                HostIdentity.here());
    }

    /** The same process, listening at another place, with these certificates. */
    public DaemonFile listeningAt(String place, List<String> shown) {
        return new DaemonFile(format, pid, startTicks, bootId, place, tokenFile, version, started, shown, host);
    }

    /** The same daemon with its token in another file. */
    DaemonFile withTokenIn(Path file) {
        return new DaemonFile(
                format, pid, startTicks, bootId, url, file.toString(), version, started, certificates, host);
    }

    /**
     * What stands in {@code file}.
     *
     * @throws IOException with the reason, when it cannot be read, is of another format or breaks a rule; it quotes nothing
     */
    static DaemonFile read(Path file) throws IOException {
        DaemonFile read;
        try {
            read = Json.read(SmallFile.read(file, MOST_BYTES), DaemonFile.class);
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new IOException("it does not hold what a daemon writes", e);
        }
        String wrong = read == null ? "it is empty" : read.wrong();
        if (wrong != null) {
            throw new IOException(wrong);
        }
        return read;
    }

    /** The first rule that it breaks, or null. */
    private String wrong() {
        if (format != FORMAT) {
            return "its format is " + format + ", and this version reads format " + FORMAT;
        }
        if (pid < 1 || startTicks < 0) {
            return "its pid and its start name no process";
        }
        if (bootId == null || !BOOT.matcher(bootId).matches()) {
            return "its boot_id is no boot id";
        }
        if (started == null) {
            return "it does not say when it started";
        }
        if (!isAddress(url)) {
            return "its url is no address like http://127.0.0.1:13131";
        }
        if (!isAbsolutePath(tokenFile)) {
            return "its token_file is no absolute path, or one with control characters";
        }
        return host == null || host.plausible() ? null : "its host is none";
    }

    private static boolean isAddress(String text) {
        if (text == null || text.length() > MOST_CHARACTERS || !isPlain(text)) {
            return false;
        }
        try {
            URI uri = new URI(text);
            return uri.getHost() != null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && (uri.getPort() == -1 || (uri.getPort() >= 1 && uri.getPort() <= MOST_PORT));
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static boolean isPlain(String text) {
        return ForeignText.of(text).equals(text);
    }

    private static boolean isAbsolutePath(String text) {
        try {
            return text != null
                    && text.length() <= MOST_CHARACTERS
                    && isPlain(text)
                    && Path.of(text).isAbsolute();
        } catch (InvalidPathException _) {
            return false;
        }
    }

    ProcessIdentity identity() {
        return new ProcessIdentity(pid, startTicks, bootId);
    }

    /** Whether its pid counts here; else it is of another host, another container or an earlier boot. */
    boolean here() {
        return HostIdentity.isHere(bootId, host);
    }

    /** Whether exactly this process still runs here. */
    public boolean live() {
        return here() && identity().alive();
    }

    /** Whether its process was one of this host and is gone for certain. */
    public boolean gone() {
        return here() && identity().gone();
    }

    /** Whether its process is gone for certain. A file that was {@code written} on another host never proves that. */
    boolean dead(Instant written) {
        return here() ? identity().gone() : HostIdentity.isEarlierBoot(bootId, host, written);
    }

    /** Whether {@code other} is of the same process, whatever else it says. */
    boolean sameProcess(DaemonFile other) {
        return identity().equals(other.identity()) && here() == other.here();
    }

    /** Whether it runs, but a signal or a debugger has stopped it. */
    public boolean stopped() {
        return live() && identity().stopped();
    }

    /** Whether its process runs in another network namespace, whose loopback is another one; false where /proc does not say. */
    public boolean inAnotherNetwork() {
        try {
            return live() && !network(Long.toString(pid)).equals(network("self"));
        } catch (IOException _) {
            return false; // of another user, or it has just ended
        }
    }

    private static Path network(String process) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", process, "ns", "net"));
    }

    /**
     * Puts this file into the folder; a reader sees all of it or nothing.
     *
     * @throws IOException also where readers would refuse it, so that no daemon lives unseen
     */
    public void write(RuntimeFolder folder) throws IOException {
        String wrong = wrong();
        if (wrong != null) {
            throw new IOException("nobody would find this daemon by its file: " + wrong);
        }
        Path file = folder.free(folder.daemonFiles(pid), this::isIn);
        PrivateFile.replace(file, Json.bytes(this));
    }

    /**
     * Takes this file out of the folder, and that of the workers.
     *
     * @param workersGone whether they are; else the next start looks after them
     */
    public void remove(RuntimeFolder folder, boolean workersGone) throws IOException {
        folder.deleteOwn(folder.daemonFiles(pid), this::isIn);
        if (workersGone) {
            folder.deleteOwn(folder.workersFiles(pid), file -> WorkersFile.isOf(this, file));
        }
    }

    /** Whether {@code file} is of this process. */
    boolean isIn(Path file) {
        try {
            return read(file).sameProcess(this);
        } catch (IOException _) {
            return false; // whatever it is, it is not ours
        }
    }
}
