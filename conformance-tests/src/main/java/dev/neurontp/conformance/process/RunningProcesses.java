package dev.neurontp.conformance.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes that belong to one worker: those of the session that was made for it, those with its mark, and its descendants. A session is known by the
 * worker's pid, which is somebody else's once the worker and all of its session have ended: so none counts that began before the worker,
 * and nobody where that pid belongs to a process that began at another time.
 */
final class RunningProcesses {

    private static final int LONGEST_COMMAND = 64 * 1024;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    /** So often somebody who shows nothing was there before. Kernel threads and some others never show anything. */
    private static final int SAME_LOOKS = 2;

    /** On a host where processes come and go all the time none may ever be certain. */
    private static final int MOST_LOOKS = 10;

    private static final Path PROC = Path.of("/proc");
    private static final Path SELF = PROC.resolve("self/stat");

    /** A /proc of another pid namespace: nothing is known of anybody there, and a signal to a number of it reaches somebody else. */
    private static final boolean OF_OTHERS = isOfOthers(PROC.resolve("self"));

    private RunningProcesses() {}

    /** One process, with its start by {@link #startOf}; {@code command} is its command line as a person reads it. */
    record Found(long pid, long start, String command) {
        @Override
        public String toString() {
            return "pid " + pid + " (" + command + ")";
        }
    }

    /**
     * Those that still run, the worker itself too while it lives; empty where there is no /proc. Where none is found and one may have become
     * another process or another program meanwhile, it is looked for again.
     *
     * @param session the worker's pid
     * @param since the start of the worker by {@link #startOf}: no older process is its child
     * @param known others of its, the start of each by its pid
     * @throws UncheckedIOException if /proc cannot be read, as without a free descriptor: who was not seen may run all the same
     */
    static List<Found> of(long session, WorkerMark mark, long since, Map<Long, Long> known) {
        if (OF_OTHERS) {
            throw new UncheckedIOException(
                    "it cannot be seen what the worker left behind: /proc shows the processes of another pid namespace, by"
                            + " other numbers: mount one for this namespace, as unshare --mount-proc does",
                    new IOException(
                            "/proc/self is not pid " + ProcessHandle.current().pid()));
        }
        if (!Files.isDirectory(PROC)) {
            return List.of();
        }
        Set<Long> before = Set.of();
        int same = 0;
        for (int looks = 1; ; looks++) {
            Set<Long> doubtful = new HashSet<>();
            List<Found> found = look(session, mark, since, known, doubtful);
            same = doubtful.equals(before) ? same + 1 : 0;
            if (!found.isEmpty() || doubtful.isEmpty() || same == SAME_LOOKS || looks == MOST_LOOKS) {
                return found;
            }
            before = doubtful;
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /**
     * One look.
     *
     * @param doubtful gets those that have ended meanwhile, of which another one may stand nowhere yet, or that show nothing of whose they are
     */
    private static List<Found> look(
            long session, WorkerMark mark, long since, Map<Long, Long> known, Set<Long> doubtful) {
        List<Found> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : all) {
                long pid = pidOf(process);
                Stat stat = stat(process);
                if (stat == null || (stat.hasEnded() && stat.start() >= since)) {
                    doubtful.add(pid);
                    continue;
                }
                if (stat.start() < since) {
                    continue;
                }
                Path shown = shown(process, stat);
                Optional<Boolean> carries = Environ.has(shown.resolve("environ"), mark.setting());
                if (isKnown(pid, stat, known)
                        || (stat.session() == session && !isReused(session, since))
                        || carries.orElse(false)) {
                    found.add(new Found(pid, stat.start(), command(shown)));
                } else if (carries.isEmpty()) {
                    doubtful.add(pid);
                }
            }
            // A process that could not be read has ended or is another user's, as long as there is a descriptor to read
            // with.
            Files.readString(SELF);
        } catch (IOException | DirectoryIteratorException e) {
            IOException cause =
                    e instanceof DirectoryIteratorException inTheMiddle ? inTheMiddle.getCause() : (IOException) e;
            throw new UncheckedIOException(
                    "it cannot be seen what the worker left behind: " + cause.getMessage(), cause);
        }
        return found;
    }

    /**
     * Adds the descendants that a worker has now, and those of all that were added before, the start of each by its pid. One whose parent
     * has ended has another parent: it is found as long as it was added before. None is added where /proc cannot be read.
     */
    static void addDescendants(long worker, long since, Map<Long, Long> known) {
        if (!areOurs()) {
            return;
        }
        Map<Long, Stat> all = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                Stat stat = stat(process);
                if (stat != null && stat.start() >= since) {
                    all.put(pidOf(process), stat);
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // What was seen is right, and who looks for what is left is told.
        }
        boolean grows = true;
        while (grows) {
            grows = false;
            for (Map.Entry<Long, Stat> one : all.entrySet()) {
                Stat parent = all.get(one.getValue().parent());
                boolean ofFamily = parent != null
                        && (one.getValue().parent() == worker
                                ? parent.start() == since
                                : isKnown(one.getValue().parent(), parent, known));
                if (ofFamily && !isKnown(one.getKey(), one.getValue(), known)) {
                    known.put(one.getKey(), one.getValue().start());
                    grows = true;
                }
            }
        }
    }

    /** Adds the children that a worker has now, where the kernel lists them. */
    static void addChildren(long worker, long since, Map<Long, Long> known) {
        Path process = PROC.resolve(Long.toString(worker));
        if (!areOurs() || since == 0 || startOf(worker) != since) {
            return;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                addChildren(worker, Files.readString(thread.resolve("children")), known);
            }
        } catch (IOException | DirectoryIteratorException _) {
            // It has ended, or there is no such list: whoever is still there is looked for before each end.
            return;
        }
    }

    private static void addChildren(long worker, String list, Map<Long, Long> known) {
        for (String child : list.split(" ", -1)) {
            Stat stat = child.isBlank() ? null : stat(PROC.resolve(child.strip()));
            if (stat != null && stat.parent() == worker) {
                known.put(Long.parseLong(child.strip()), stat.start());
            }
        }
    }

    private static boolean isKnown(long pid, Stat stat, Map<Long, Long> known) {
        return known.getOrDefault(pid, -1L) == stat.start();
    }

    private static long pidOf(Path process) {
        return Long.parseLong(process.getFileName().toString());
    }

    /** Kills them, and those that they start meanwhile; nobody where /proc cannot be read. */
    static void kill(long session, WorkerMark mark, long since, Map<Long, Long> known) {
        try {
            List<Found> found = of(session, mark, since, known);
            for (int round = 0; round < 3 && !found.isEmpty(); round++) {
                found.forEach(RunningProcesses::kill);
                found = of(session, mark, since, known);
            }
        } catch (UncheckedIOException _) {
            // The end of a worker is not the place to say so; the guard ends what is left with the judge.
            return;
        }
    }

    private static void kill(Found one) {
        // A handle knows its process by its start, and kills no later one.
        ProcessHandle.of(one.pid())
                .filter(_ -> startOf(one.pid()) == one.start())
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    private static boolean isReused(long pid, long since) {
        Stat now = stat(PROC.resolve(Long.toString(pid)));
        return now != null && now.start() != since;
    }

    /** Whether the numbers that /proc shows are those that a signal takes. */
    static boolean areOurs() {
        return !OF_OTHERS && Files.isDirectory(PROC);
    }

    private static boolean isOfOthers(Path self) {
        try {
            String pid = Long.toString(ProcessHandle.current().pid());
            return !Files.readSymbolicLink(self).toString().equals(pid);
        } catch (IOException _) {
            return Files.exists(PROC.resolve("stat"));
        }
    }

    /** When a process started, in the kernel's ticks; 0 where it is gone already, and was waited for. */
    static long startOf(long pid) {
        Stat stat = stat(PROC.resolve(Long.toString(pid)));
        return stat == null ? 0 : stat.start();
    }

    private record Stat(char state, long parent, long session, long threads, long start) {
        /** One whose parent has not waited for it yet. Where the first thread has ended others may run on. */
        boolean hasEnded() {
            return firstThreadHasEnded() && threads <= 1;
        }

        boolean firstThreadHasEnded() {
            return state == 'Z' || state == 'X';
        }
    }

    /** Null where there is no such process. */
    private static Stat stat(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The name may hold blanks and parentheses; behind it stand state, parent, group, session, and as numbers
            // 18
            // and 20 how many threads it has, and its start.
            String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 21);
            return new Stat(
                    afterName[0].charAt(0),
                    Long.parseLong(afterName[1]),
                    Long.parseLong(afterName[3]),
                    Long.parseLong(afterName[17]),
                    Long.parseLong(afterName[19]));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /** The folder of /proc in which a process shows what it has. */
    static Path folder(long pid) {
        Path process = PROC.resolve(Long.toString(pid));
        Stat stat = stat(process);
        return stat == null ? process : shown(process, stat);
    }

    /** Where a process shows what it has: by another thread where its first one has ended. */
    private static Path shown(Path process, Stat stat) {
        if (!stat.firstThreadHasEnded()) {
            return process;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                Stat other = stat(thread);
                if (other != null && !other.firstThreadHasEnded()) {
                    return thread;
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            return process; // it has ended since
        }
        return process;
    }

    private static String command(Path process) {
        try {
            byte[] line = start(process.resolve("cmdline"));
            if (line.length == 0) {
                return Printable.words(Files.readAllBytes(process.resolve("comm")))
                        .replace("\\n", "");
            }
            // Whatever its bytes mean: each is kept, and what tells a secret is ASCII.
            String words = new String(line, StandardCharsets.ISO_8859_1);
            String shown = String.join(" ", Secrets.masked(List.of(words.split("\0", -1))));
            return Printable.words(shown.getBytes(StandardCharsets.ISO_8859_1)).strip();
        } catch (IOException e) {
            return "it has ended since";
        }
    }

    /** The first of it: a process can have any part of its memory shown there. */
    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LONGEST_COMMAND);
        }
    }
}
