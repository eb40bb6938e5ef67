package dev.neurontp.harness.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
        return new SharedPipes(pipes(pid));
    }

    /** Those in {@code table}, not older than the child, that hold one; not this process, which has the other ends. */
    List<ProcStat> holders(ProcessTable table, long since) {
        long self = ProcessHandle.current().pid();
        return table.processes().stream()
                .filter(process -> process.startTicks() >= since
                        && process.pid() != self
                        && pipes(process.pid()).stream().anyMatch(links::contains))
                .toList();
    }

    private static Set<String> pipes(long pid) {
        Set<String> found = new TreeSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : descriptors) {
                String link = link(descriptor);
                if (link.startsWith(PIPE)) {
                    found.add(link);
                }
            }
        } catch (IOException _) {
            return found; // it has ended, or is another user's
        }
        return found;
    }

    private static String link(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return ""; // closed meanwhile
        }
    }
}
