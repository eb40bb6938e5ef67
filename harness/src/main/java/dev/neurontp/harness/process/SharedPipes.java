package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pipes that a child was started with. Whoever else holds one open inherited it, and keeps its reader waiting: the last
 * trace of a process that has left the child's session and cleared its environment.
 */
record SharedPipes(Set<String> links) {
    private static final String PIPE = "pipe:";

    SharedPipes {
        links = Set.copyOf(links);
    }

    /** Those of a child that was just started: Java leaves it no other descriptors. */
    static SharedPipes of(long pid) {
        try {
            return new SharedPipes(pipes(ProcFile.descriptors(pid)));
        } catch (IOException _) {
            return new SharedPipes(Set.of()); // then whoever holds one is not found, which is said
        }
    }

    /** The stdin of a child that was just started, alone: its other streams may be those of who has started this process. */
    static SharedPipes ofStdin(long pid) {
        String link = link(Path.of("/proc", Long.toString(pid), "fd", "0"));
        return new SharedPipes(link.startsWith(PIPE) ? Set.of(link) : Set.of());
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
                        && pipes(table, process.pid()).stream().anyMatch(links::contains))
                .toList();
    }

    private static Set<String> pipes(ProcessTable table, long pid) {
        try {
            Optional<List<Path>> descriptors = ProcFile.descriptors(pid);
            if (descriptors.isEmpty()) {
                table.unclear(pid);
            }
            return pipes(descriptors);
        } catch (IOException e) {
            table.unseen(e);
            return Set.of();
        }
    }

    /** None of who has ended, or is another user's. */
    private static Set<String> pipes(Optional<List<Path>> descriptors) {
        return descriptors.orElse(List.of()).stream()
                .map(SharedPipes::link)
                .filter(link -> link.startsWith(PIPE))
                .collect(Collectors.toSet());
    }

    private static String link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return ""; // closed meanwhile
        }
    }
}
