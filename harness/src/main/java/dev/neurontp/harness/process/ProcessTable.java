package dev.neurontp.harness.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Every process of this host at one moment, so far as {@code /proc} shows it. Any thread. */
public final class ProcessTable {
    /** All ranks of a pool look when it ends, on a host with hundreds of processes. */
    private static final CoalescedRead<ProcessTable> READ = new CoalescedRead<>(ProcessTable::new);

    /** To read what has just come, of a process that becomes one program after another. */
    private static final int TRIES = 3;

    private final List<ProcStat> processes;
    private final Map<Long, String> marks = new ConcurrentHashMap<>();
    private final AtomicReference<String> unseen = new AtomicReference<>();
    private final Set<Long> unclear = ConcurrentHashMap.newKeySet();
    private final Set<Long> becoming = ConcurrentHashMap.newKeySet();
    private boolean vanished;

    private ProcessTable() {
        processes = List.copyOf(readAll());
    }

    /** Looks, or shares a look that begins after this call. */
    public static ProcessTable read() {
        return READ.get();
    }

    private List<ProcStat> readAll() {
        List<ProcStat> found = new ArrayList<>();
        Set<Long> children = LiveChildren.pids();
        try {
            for (long pid : ProcFile.pids()) {
                Optional<ProcStat> stat = ProcStat.read(pid);
                stat.ifPresent(found::add);
                vanished |= stat.isEmpty() && !children.contains(pid) && ProcFile.isFree(pid);
            }
        } catch (IOException e) {
            unseen(e);
        }
        return found;
    }

    public List<ProcStat> processes() {
        return processes;
    }

    /** Why something could not be seen so far, for which this table then says nothing; empty where all could. */
    public Optional<String> unseen() {
        return Optional.ofNullable(unseen.get());
    }

    /** Something that was asked of a process of this table could not be read. */
    void unseen(IOException e) {
        unseen.compareAndSet(null, e.getMessage());
    }

    /** Whether a process that is no child of this one has ended while this look was taken, so that one which it had just started may stand nowhere in it. */
    boolean vanished() {
        return vanished;
    }

    /**
     * Those that showed nothing of what was asked so far: they have ended meanwhile, and what they had just started may stand nowhere in this
     * table. Kernel threads and some others never show anything.
     */
    Set<Long> unclear() {
        return Set.copyOf(unclear);
    }

    /** Those that showed no environment as they were just becoming another program: whose they are shows when that is done. */
    Set<Long> becoming() {
        return Set.copyOf(becoming);
    }

    /** That process is just becoming another program. */
    void becoming(long pid) {
        becoming.add(pid);
    }

    /** That process has shown nothing of what was asked. */
    void unclear(long pid) {
        unclear.add(pid);
    }

    /** What {@link ProcessMark#marksOf} says of a process of this table, asked once; nothing where that cannot be read. */
    String marks(long pid) {
        return marks.computeIfAbsent(pid, asked -> {
            try {
                return marksOf(asked);
            } catch (IOException e) {
                unseen(e);
                return "";
            }
        });
    }

    private String marksOf(long pid) throws IOException {
        Set<String> places = new HashSet<>();
        for (int tries = 0; tries < TRIES; tries++) {
            String marked = ProcessMark.marksOf(pid);
            if (!marked.isEmpty()) {
                return marked;
            }
            ProcStat.Environment shown = ProcStat.environment(pid);
            if (shown.state() == ProcStat.Environment.State.YET_TO_COME) {
                break;
            }
            // At the place where nothing was a moment ago nothing will come: its memory is unmapped.
            if (shown.state() == ProcStat.Environment.State.NONE || !places.add(shown.place())) {
                unclear(pid);
                return "";
            }
        }
        becoming(pid);
        return "";
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
}
