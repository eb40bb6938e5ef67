package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pipes that a child was started with. Whoever else holds one open inherited it, and keeps its reader waiting: the last
 * trace of a process that has left the child's session and cleared its environment.
 */
record SharedPipes(Set<String> links) {
    private static final String PIPE = "pipe:";

    SharedPipes {
        links = Set.copyOf(links);
    }

    /** Those of a child that was just started: Java leaves it no other descriptors. None of one that has ended meanwhile. */
    static SharedPipes of(long pid) {
        return new SharedPipes(Stream.of("0", "1", "2")
                .map(descriptor -> pipe(pid, descriptor))
                .flatMap(Optional::stream)
                .collect(Collectors.toSet()));
    }

    /** The stdin of a child that was just started, alone: its other streams may be those of who has started this process. */
    static SharedPipes ofStdin(long pid) {
        return new SharedPipes(pipe(pid, "0").stream().collect(Collectors.toSet()));
    }

    private static Optional<String> pipe(long pid, String descriptor) {
        return Optional.of(link(Path.of("/proc", Long.toString(pid), "fd", descriptor)))
                .filter(link -> link.startsWith(PIPE));
    }

    /**
     * Those in {@code table}, not older than the child, that hold one; not this process, which has the other ends, nor a child that it is just
     * starting, which has copies of them until it is another program.
     */
    List<ProcStat> holders(ProcessTable table, long since) {
        long self = ProcessHandle.current().pid();
        long session = table.processes().stream()
                .filter(process -> process.pid() == self)
                .mapToLong(ProcStat::session)
                .findFirst()
                .orElse(0);
        return table.processes().stream()
                .filter(process -> process.startTicks() >= since
                        && process.pid() != self
                        // What the child has left is in a session of its own, also where this process is the parent of
                        // all orphans.
                        && !(process.parent() == self && process.session() == session)
                        && isHolder(table, process.pid()))
                .toList();
    }

    private boolean isHolder(ProcessTable table, long pid) {
        try {
            Optional<Boolean> holds = ProcFile.hasDescriptor(pid, descriptor -> links.contains(link(descriptor)));
            if (holds.isEmpty()) {
                table.unclear(pid);
            }
            return holds.orElse(false);
        } catch (IOException e) {
            table.unseen(e);
            return false;
        }
    }

    private static String link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return ""; // closed meanwhile
        }
    }
}
