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
    private static final long UNKNOWN_START = -1;

    public ProcessIdentity {
        requireNonNull(bootId, "bootId is null");
    }

    /** Who has {@code pid} now, a zombie too; empty when nobody has, or it cannot be seen. */
    public static Optional<ProcessIdentity> of(long pid) {
        return stat(pid).map(ProcStat::identity);
    }

    /** The same of a process that was certainly there; where its start cannot be read, it is never seen to be alive. */
    public static ProcessIdentity ofKnown(long pid) {
        return of(pid).orElseGet(() -> ofThisBoot(pid, UNKNOWN_START));
    }

    /** The boot that runs now. */
    public static String thisBoot() {
        return BOOT;
    }

    /** That process, since the last start of this host. */
    public static ProcessIdentity ofThisBoot(long pid, long startTicks) {
        return new ProcessIdentity(pid, startTicks, BOOT);
    }

    /** Whether exactly this process is seen to run; a zombie does not. That it is not seen does not show that it is {@link #gone}. */
    public boolean alive() {
        return running().isPresent();
    }

    /**
     * Whether it is certain that this process runs no more, which not being {@link #alive} does not show: without a free descriptor nothing
     * in /proc can be read. Whether somebody has the pid shows without one.
     */
    public boolean gone() {
        return !bootId.equals(BOOT)
                || stat(pid)
                        .map(stat -> stat.zombie() || (stat.startTicks() != startTicks && startTicks != UNKNOWN_START))
                        .orElseGet(() -> ProcFile.isFree(pid));
    }

    /** Whether exactly this process is there and stands still: a signal or a debugger has stopped it. */
    public boolean stopped() {
        return running().filter(ProcStat::stopped).isPresent();
    }

    /** The same, or it waits inside the kernel: it hears no signal in this moment. */
    public boolean standsStill() {
        return running().filter(ProcStat::standsStill).isPresent();
    }

    /** Sends SIGKILL if exactly this process still runs. */
    public void kill() {
        // The handle first: one that is got after the look may be that of another process with the same pid.
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (alive()) {
            handle.ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private Optional<ProcStat> running() {
        return bootId.equals(BOOT)
                ? stat(pid).filter(stat -> stat.startTicks() == startTicks && !stat.zombie())
                : Optional.empty();
    }

    /** Empty too where it cannot be seen. */
    private static Optional<ProcStat> stat(long pid) {
        try {
            return ProcStat.read(pid);
        } catch (IOException _) {
            return Optional.empty();
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
