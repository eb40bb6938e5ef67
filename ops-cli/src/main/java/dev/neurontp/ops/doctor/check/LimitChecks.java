package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.DiskSpace;
import dev.neurontp.ops.doctor.host.HostFiles;
import dev.neurontp.ops.doctor.host.ProcessLimits;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Limits of the process that would start the pool, and room of the host. */
final class LimitChecks {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** NCCL's shared memory of one rank. */
    private static final long SHM_PER_RANK = 64 * MIB;

    /** A worker's JVM, without what CUDA takes. */
    private static final long RAM_PER_RANK = 64 * MIB;

    private static final long LEAST_FILES = 1024;

    /** NCCL 2.28 sets the stack of its threads itself. */
    private static final Pattern OLD_NCCL = Pattern.compile("2\\.(\\d|1\\d|2[0-7])\\..*");

    private LimitChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D11, LimitChecks::shm),
                new Check(Row.D13, LimitChecks::removeIpc),
                new Check(Row.D34, LimitChecks::memlock),
                new Check(Row.D35, LimitChecks::nofile),
                new Check(Row.D36, LimitChecks::stack),
                new Check(Row.D53, LimitChecks::ram));
    }

    private static Finding shm(Evidence evidence) {
        int ranks = evidence.ranks();
        long least = SHM_PER_RANK * ranks;
        Optional<DiskSpace> shm = evidence.host().shm();
        String remedy = evidence.host().container()
                ? "docker run --shm-size=1g, or --ipc=host"
                : "mount -o remount,size=8g /dev/shm; ls -l /dev/shm says what fills it";
        if (shm.isEmpty()) {
            return Finding.fail("there is no /dev/shm", mib(least) + " for " + ranks + " ranks", remedy);
        }
        String seen = "/dev/shm: " + mib(shm.get().free()) + " free of "
                + mib(shm.get().total());
        return shm.get().free() < least
                ? Finding.fail(seen, mib(least) + " for " + ranks + " ranks, 1024 MiB is better", remedy)
                : Finding.ok(seen);
    }

    private static Finding removeIpc(Evidence evidence) {
        HostFiles files = evidence.host().files();
        if (!files.exists("/run/systemd/system") || evidence.host().container()) {
            return Finding.skipped("no systemd runs here that could remove a user's shared memory");
        }
        String said = files.text("/etc/systemd/logind.conf").orElse("");
        for (String name : files.names("/etc/systemd/logind.conf.d")) {
            said += "\n" + files.text("/etc/systemd/logind.conf.d/" + name).orElse("");
        }
        Matcher set = Pattern.compile("(?m)^\\s*RemoveIPC\\s*=\\s*(\\S+)").matcher(said);
        String value = "yes";
        while (set.find()) {
            value = set.group(1);
        }
        long firstUser = 1000;
        long uid = files.text("/proc/self/status")
                .flatMap(text ->
                        text.lines().filter(line -> line.startsWith("Uid:")).findFirst())
                .map(line -> Long.parseLong(line.split("\\s+", -1)[1]))
                .orElse(0L);
        return uid >= firstUser && !value.matches("(?i)no|false|0|off")
                ? Finding.warn(
                        "RemoveIPC=" + value + " for uid " + uid
                                + ": systemd removes NCCL's shared memory at the logout",
                        "RemoveIPC=no",
                        "echo RemoveIPC=no >> /etc/systemd/logind.conf && systemctl restart systemd-logind")
                : Finding.ok("RemoveIPC=" + value + ", uid " + uid);
    }

    private static Finding memlock(Evidence evidence) {
        Optional<Long> limit = ProcessLimits.soft(evidence.host().files(), "Max locked memory");
        if (limit.isEmpty()) {
            return Finding.skipped("/proc/self/limits does not say");
        }
        boolean infiniband =
                !evidence.host().files().names("/sys/class/infiniband").isEmpty();
        String seen = limit.get() == ProcessLimits.UNLIMITED ? "unlimited" : limit.get() / 1024 + " KiB";
        return infiniband && limit.get() != ProcessLimits.UNLIMITED
                ? Finding.warn(
                        "max locked memory is " + seen + ", and there is InfiniBand",
                        "unlimited",
                        "ulimit -l unlimited; docker run --ulimit memlock=-1; systemd: LimitMEMLOCK=infinity")
                : Finding.ok(
                        "max locked memory " + seen + (infiniband ? "" : ", and no InfiniBand that would need it"));
    }

    private static Finding nofile(Evidence evidence) {
        Optional<Long> limit = ProcessLimits.soft(evidence.host().files(), "Max open files");
        return limit.map(count -> count < LEAST_FILES
                        ? Finding.warn(
                                "max open files is " + count, LEAST_FILES + " or more", "ulimit -n 65536, LimitNOFILE")
                        : Finding.ok("max open files " + (count == ProcessLimits.UNLIMITED ? "unlimited" : count)))
                .orElseGet(() -> Finding.skipped("/proc/self/limits does not say"));
    }

    private static Finding stack(Evidence evidence) {
        Optional<Long> limit = ProcessLimits.soft(evidence.host().files(), "Max stack size");
        if (limit.isEmpty()) {
            return Finding.skipped("/proc/self/limits does not say");
        }
        if (limit.get() != ProcessLimits.UNLIMITED) {
            return Finding.ok("max stack size " + limit.get() / 1024 + " KiB");
        }
        Optional<String> nccl = evidence.cuda().facts().text("nccl");
        if (nccl.isEmpty()) {
            return Finding.skipped("max stack size is unlimited, and the version of NCCL is not known");
        }
        return OLD_NCCL.matcher(nccl.get()).matches()
                ? Finding.warn(
                        "max stack size is unlimited, NCCL " + nccl.get(),
                        "a size: without one NCCL before 2.28 gives its threads 2 MiB instead of 8",
                        "ulimit -s 8192")
                : Finding.ok("max stack size unlimited, NCCL " + nccl.get() + " does not mind");
    }

    private static Finding ram(Evidence evidence) {
        Matcher available = Pattern.compile("(?m)^MemAvailable:\\s+(\\d{1,15}) kB")
                .matcher(evidence.host().files().text("/proc/meminfo").orElse(""));
        if (!available.find()) {
            return Finding.skipped("/proc/meminfo does not say");
        }
        long free = Long.parseLong(available.group(1)) * 1024;
        long least = RAM_PER_RANK * evidence.ranks();
        return free < least
                ? Finding.fail(
                        mib(free) + " of memory are available",
                        mib(least) + " for " + evidence.ranks() + " ranks",
                        "ps aux --sort=-rss | head says who has it")
                : Finding.ok((free < GIB ? mib(free) : free / GIB + " GiB") + " of memory available");
    }

    private static String mib(long bytes) {
        return bytes / MIB + " MiB";
    }
}
