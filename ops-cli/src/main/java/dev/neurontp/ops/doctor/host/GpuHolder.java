package dev.neurontp.ops.doctor.host;

import static java.util.Objects.requireNonNull;

import dev.neurontp.harness.process.ProcStat;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessMark;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.text.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A process that holds a GPU's device file open.
 *
 * @param stat what /proc says of it
 * @param owner its user id
 * @param command its command line, or its name where that must not be read
 * @param devices the device files that it has open
 * @param orphan whether whoever started it is gone
 */
public record GpuHolder(ProcStat stat, String owner, String command, Set<String> devices, boolean orphan) {
    private static final int LONGEST = 120;
    private static final long INIT = 1;
    private static final Pattern HIDES = Pattern.compile(" /proc proc \\S*\\bhidepid=(?!0\\b|off\\b)");

    public GpuHolder {
        requireNonNull(stat, "stat is null");
        devices = Set.copyOf(devices);
    }

    /**
     * Those that may be seen.
     *
     * @param found in the order of their pids
     * @param hidden how many processes of other users could not be looked at
     * @param hides whether /proc hides those of other users altogether
     */
    public record Scan(List<GpuHolder> found, int hidden, boolean hides) {
        public Scan {
            found = List.copyOf(found);
        }
    }

    /** Looks at every process of this host or container. */
    public static Scan scan(HostFiles files) {
        List<GpuHolder> found = new ArrayList<>();
        int hidden = 0;
        for (String name : files.names("/proc")) {
            if (!name.matches("[0-9]{1,18}")) {
                continue;
            }
            String folder = folder(files, "/proc/" + name);
            List<String> descriptors = files.names(folder + "/fd");
            if (descriptors.isEmpty()) {
                // A kernel's thread has no executable and no descriptors, and no command line either.
                hidden += files.text(folder + "/cmdline")
                                .filter(text -> !text.isEmpty())
                                .isPresent()
                        ? 1
                        : 0;
                continue;
            }
            Set<String> devices = devices(files, folder, descriptors);
            if (!devices.isEmpty()) {
                stat(files, "/proc/" + name, Long.parseLong(name))
                        .map(stat -> of(files, folder, stat, devices))
                        .ifPresent(found::add);
            }
        }
        found.sort((a, b) -> Long.compare(a.stat.pid(), b.stat.pid()));
        return new Scan(found, hidden, hides(files));
    }

    /** Where it shows what it has: by another thread where its first one has ended, as with one that a driver holds inside the kernel. */
    private static String folder(HostFiles files, String process) {
        if (stat(files, process, 0).filter(ProcStat::runsOn).isEmpty()) {
            return process;
        }
        return files.names(process + "/task").stream()
                .map(thread -> process + "/task/" + thread)
                .filter(thread ->
                        stat(files, thread, 0).filter(stat -> !stat.zombie()).isPresent())
                .findFirst()
                .orElse(process);
    }

    private static Optional<ProcStat> stat(HostFiles files, String folder, long pid) {
        return files.line(folder + "/stat").flatMap(line -> ProcStat.parse(pid, line));
    }

    /** By its option hidepid, which does not concern root. */
    private static boolean hides(HostFiles files) {
        boolean option = files.text("/proc/self/mounts").orElse("").lines().anyMatch(HIDES.asPredicate());
        return option && files.line("/proc/1/stat").isEmpty();
    }

    /** Device files that only who uses a GPU opens: the control file alone is open in many monitors. */
    private static Set<String> devices(HostFiles files, String folder, List<String> descriptors) {
        Set<String> devices = new TreeSet<>();
        for (String descriptor : descriptors) {
            files.link(folder + "/fd/" + descriptor)
                    .filter(target -> target.matches("/dev/nvidia([0-9]{1,3}|-uvm)"))
                    .ifPresent(devices::add);
        }
        return devices;
    }

    private static GpuHolder of(HostFiles files, String folder, ProcStat stat, Set<String> devices) {
        String command = files.text(folder + "/cmdline")
                .map(text -> String.join(" ", Secrets.masked(List.of(text.split("\0", -1))))
                        .strip())
                .filter(text -> !text.isEmpty())
                .orElse(stat.name());
        String owner = files.text(folder + "/status")
                .flatMap(text ->
                        text.lines().filter(line -> line.startsWith("Uid:")).findFirst())
                .map(line -> line.split("\\s+", -1)[1])
                .orElse("?");
        return new GpuHolder(
                stat,
                ForeignText.of(owner, ForeignText.NAME),
                ForeignText.of(command, LONGEST),
                devices,
                isOrphan(files, folder, stat));
    }

    /**
     * A rank of ours names its leader in its environment. Others are orphans when init has adopted them and the session that
     * they were started in has lost its leader; a daemon leads its own session.
     */
    private static boolean isOrphan(HostFiles files, String folder, ProcStat stat) {
        Optional<ProcessIdentity> leader =
                ProcessMark.leaderIn(files.text(folder + "/environ").orElse(""));
        if (leader.isPresent()) {
            return isSeenFromHere(files, folder, leader.get()) && hasEnded(files, leader.get());
        }
        return stat.parent() == INIT
                && stat.session() != stat.pid()
                && stat.session() != 0
                && !files.exists("/proc/" + stat.session());
    }

    /**
     * Whether the leader's pid counts here. It does not where the mark came along from another host, as srun hands environments on, or
     * from a container with pids of its own, whose ranks are seen here under others.
     */
    private static boolean isSeenFromHere(HostFiles files, String folder, ProcessIdentity leader) {
        Optional<String> namespace = files.link(folder + "/ns/pid");
        return files.line("/proc/sys/kernel/random/boot_id")
                        .filter(leader.bootId()::equals)
                        .isPresent()
                && namespace.isPresent()
                && namespace.equals(files.link("/proc/self/ns/pid"));
    }

    /** Nobody has the pid, or somebody who started later. */
    private static boolean hasEnded(HostFiles files, ProcessIdentity leader) {
        String folder = "/proc/" + leader.pid();
        return !files.exists(folder)
                || stat(files, folder, leader.pid())
                        .filter(now -> now.startTicks() > leader.startTicks() && leader.startTicks() >= 0)
                        .isPresent();
    }
}
