package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every process of this host at one moment, so far as {@code /proc} shows it. Any thread. */
public final class ProcessTable {
    private static final Path PROC = Path.of("/proc");

    /** All ranks of a pool look when it ends, on a host with hundreds of processes. */
    private static final CoalescedRead<ProcessTable> READ = new CoalescedRead<>(ProcessTable::readProc);

    private final List<ProcStat> processes;
    private final Map<Long, String> marks = new ConcurrentHashMap<>();

    private ProcessTable(List<ProcStat> processes) {
        this.processes = List.copyOf(processes);
    }

    /** Looks, or shares a look that begins after this call. */
    public static ProcessTable read() {
        return READ.get();
    }

    private static ProcessTable readProc() {
        List<ProcStat> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, ProcessTable::isPid)) {
            for (Path entry : entries) {
                ProcStat.read(Long.parseLong(entry.getFileName().toString())).ifPresent(found::add);
            }
        } catch (IOException _) {
            return new ProcessTable(List.of());
        }
        return new ProcessTable(found);
    }

    public List<ProcStat> processes() {
        return processes;
    }

    /** What {@link ProcessMark#marksOf} says of a process of this table, asked once. */
    String marks(long pid) {
        return marks.computeIfAbsent(pid, ProcessMark::marksOf);
    }

    /** Children of {@code root}, their children, and so on; not {@code root} itself. */
    public List<ProcStat> descendants(ProcessIdentity root) {
        if (reused(root)) {
            return List.of();
        }
        Set<Long> family = new HashSet<>(Set.of(root.pid()));
        List<ProcStat> found = new ArrayList<>();
        boolean grew = true;
        while (grew) {
            grew = false;
            for (ProcStat process : processes) {
                if (family.contains(process.parent()) && family.add(process.pid())) {
                    found.add(process);
                    grew = true;
                }
            }
        }
        return found;
    }

    /**
     * Who is in the session that {@code leader} opened, except itself. Nobody when its pid has gone to another process:
     * the session is then another one too.
     */
    public List<ProcStat> session(ProcessIdentity leader) {
        if (reused(leader)) {
            return List.of();
        }
        return processes.stream()
                .filter(process -> process.session() == leader.pid()
                        && process.pid() != leader.pid()
                        && process.startTicks() >= leader.startTicks())
                .toList();
    }

    /** Whether the pid belongs to another process by now, whose children are none of ours. */
    private boolean reused(ProcessIdentity process) {
        return processes.stream()
                .anyMatch(other -> other.pid() == process.pid() && other.startTicks() != process.startTicks());
    }

    private static boolean isPid(Path entry) {
        String name = entry.getFileName().toString();
        return name.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
