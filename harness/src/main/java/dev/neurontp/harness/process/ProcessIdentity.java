package dev.neurontp.harness.process;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which process a pid meant. A pid alone is reused; with its start and the boot it is one process for ever.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}: clock ticks after boot
 * @param bootId of the kernel that counted them
 */
public record ProcessIdentity(long pid, long startTicks, String bootId) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String BOOT = readBootId();

    public ProcessIdentity {
        requireNonNull(bootId, "bootId is null");
    }

    /** Who has {@code pid} now, a zombie too; empty when nobody has. */
    public static Optional<ProcessIdentity> of(long pid) {
        return ProcStat.read(pid).map(ProcStat::identity);
    }

    /** The same of a process that was certainly there; where it cannot be read any more, an identity that no process has. */
    public static ProcessIdentity ofKnown(long pid) {
        return of(pid).orElseGet(() -> ofThisBoot(pid, -1));
    }

    /** The boot that runs now. */
    public static String thisBoot() {
        return BOOT;
    }

    /** That process, since the last start of this host. */
    public static ProcessIdentity ofThisBoot(long pid, long startTicks) {
        return new ProcessIdentity(pid, startTicks, BOOT);
    }

    /** Whether exactly this process still runs; a zombie does not. */
    public boolean alive() {
        return bootId.equals(BOOT)
                && ProcStat.read(pid)
                        .filter(stat -> stat.startTicks() == startTicks && !stat.zombie())
                        .isPresent();
    }

    /**
     * Whether it is certain that this process runs no more, which not being {@link #alive} does not show: without a free descriptor nothing
     * in /proc can be read. Whether somebody has the pid shows without one.
     */
    public boolean gone() {
        return !bootId.equals(BOOT)
                || ProcStat.read(pid)
                        .map(stat -> stat.startTicks() != startTicks || stat.zombie())
                        .orElseGet(() -> !Files.exists(Path.of("/proc", Long.toString(pid))));
    }

    /** Whether exactly this process is there and stands still: a signal or a debugger has stopped it. */
    public boolean stopped() {
        return alive() && ProcStat.read(pid).filter(ProcStat::stopped).isPresent();
    }

    /** Sends SIGKILL if exactly this process still runs. */
    public void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static String readBootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }
}
