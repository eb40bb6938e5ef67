package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * One daemon, as it says of itself in the runtime folder.
 *
 * @param format of this file, 1
 * @param url where it listens: {@code http://127.0.0.1:13131}
 * @param tokenFile where the bearer token stands
 * @param certificates with TLS, the {@link Fingerprint}s of the certificates that it may show; else empty
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
        List<String> certificates) {
    static final int FORMAT = 1;

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
                List.of());
    }

    /** The same process, listening at another place, with these certificates. */
    public DaemonFile listeningAt(String place, List<String> shown) {
        return new DaemonFile(format, pid, startTicks, bootId, place, tokenFile, version, started, shown);
    }

    /** What stands in {@code file}; empty when it cannot be read or is of another format. */
    static Optional<DaemonFile> read(Path file) {
        try {
            DaemonFile read = Json.mapper().readValue(Files.readAllBytes(file), DaemonFile.class);
            return Optional.ofNullable(read).filter(DaemonFile::complete);
        } catch (IOException | JacksonException _) {
            return Optional.empty();
        }
    }

    private boolean complete() {
        return format == FORMAT && bootId != null && url != null && tokenFile != null && started != null;
    }

    ProcessIdentity identity() {
        return new ProcessIdentity(pid, startTicks, bootId);
    }

    /** Whether exactly this process still runs. */
    public boolean live() {
        return identity().alive();
    }

    /** Whether it runs, but a signal or a debugger has stopped it. */
    public boolean stopped() {
        return identity().stopped();
    }

    /** Puts this file into the folder; a reader sees all of it or nothing. */
    public void write(RuntimeFolder folder) throws IOException {
        PrivateFile.replace(folder.daemonFile(pid), Json.bytes(this));
    }

    /**
     * Takes this file out of the folder, and that of the workers.
     *
     * @param workersGone whether they are; else the next start looks after them
     */
    public void remove(RuntimeFolder folder, boolean workersGone) throws IOException {
        Files.deleteIfExists(folder.daemonFile(pid));
        if (workersGone) {
            Files.deleteIfExists(folder.workersFile(pid));
        }
    }
}
