package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.process.ProcStat;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessMark;
import dev.neurontp.harness.process.ProcessTable;
import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cleans up after daemons of this folder that crashed. It touches only what the daemon's mark in an environment proves to be theirs: the
 * list of workers is a file, and may name any process.
 */
public final class OrphanCleanup {
    private static final Duration BY_THEMSELVES = Duration.ofSeconds(3);
    private static final Duration SIGTERM = Duration.ofSeconds(4);
    private static final Duration SIGKILL = Duration.ofSeconds(2);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final RuntimeFolder folder;
    private final Consumer<List<PlacedRank>> heir;
    private final Consumer<List<PlacedRank>> neighbour;

    /** One process that a dead daemon left, and how the report calls it. */
    private record Orphan(ProcessIdentity identity, String name) {}

    /**
     * Of that folder.
     *
     * @param heir takes what may live on other hosts, before the file that tells of it goes
     * @param neighbour is told what a daemon in another container of this host may have there, which may live or not
     */
    public OrphanCleanup(RuntimeFolder folder, Consumer<List<PlacedRank>> heir, Consumer<List<PlacedRank>> neighbour) {
        this.folder = folder;
        this.heir = heir;
        this.neighbour = neighbour;
    }

    /**
     * Removes the files of dead daemons and ends their workers: those that do not go by themselves get SIGTERM, then
     * SIGKILL. Bounded by 10 s.
     *
     * @return what was found and done, a line each, for the log; empty when all was in order
     */
    public List<String> clean() throws InterruptedException {
        List<String> report = new ArrayList<>();
        try {
            TemporaryFiles.sweep(folder, Instant.now());
            for (Path file : folder.list("daemon-*.json")) {
                daemon(file, report);
            }
            for (Path file : folder.list("workers-*.json")) {
                workers(file, report);
            }
        } catch (IOException e) {
            report.add("the folder " + folder.path() + " cannot be cleaned up: " + FileErrors.reason(e));
        }
        return report;
    }

    private static void daemon(Path file, List<String> report) {
        try {
            DaemonFile daemon = DaemonFile.read(file);
            if (daemon.dead(RuntimeFolder.written(file))) {
                report.add("the daemon with pid " + daemon.pid() + " (" + daemon.url() + ", started " + daemon.started()
                        + ") ended without cleaning up: its file is removed");
                delete(file, report);
            }
        } catch (IOException e) {
            report.add(file + " is left alone: " + FileErrors.reason(e));
        }
    }

    private void workers(Path file, List<String> report) throws InterruptedException {
        try {
            WorkersFile left = WorkersFile.read(file);
            if (left.dead(RuntimeFolder.written(file))) {
                List<PlacedRank> elsewhere = left.leftElsewhere(Instant.now());
                if (!elsewhere.isEmpty()) {
                    heir.accept(elsewhere);
                }
                end(left, report);
                delete(file, report);
            } else if (left.isOfAnotherContainer()) {
                List<PlacedRank> theirs = left.mayLive(lastSeen(file), Instant.now()).stream()
                        .filter(PlacedRank::needsDevice)
                        .toList();
                if (!theirs.isEmpty()) {
                    neighbour.accept(theirs);
                    report.add(file
                            + " is of a daemon in another container, whose end cannot be seen from here: the devices of "
                            + theirs.size() + " ranks on other hosts are kept apart for their leases");
                }
            }
        } catch (IOException e) {
            report.add(file + " is left alone: " + FileErrors.reason(e));
        }
    }

    /** When the daemon with that list of workers has last shown that it lives, by touching its own file. */
    private static Instant lastSeen(Path file) throws IOException {
        Path daemon = file.resolveSibling(file.getFileName().toString().replaceFirst("^workers-", "daemon-"));
        return RuntimeFolder.written(Files.exists(daemon) ? daemon : file).plus(Registration.TOUCH);
    }

    private static void end(WorkersFile left, List<String> report) throws IOException, InterruptedException {
        List<Orphan> running = orphans(left, report);
        if (running.isEmpty()) {
            return;
        }
        List<Orphan> patient = waitFor(running, BY_THEMSELVES);
        gone(running, patient, "ended by itself", report);
        signal(patient, ProcessHandle::destroy);
        List<Orphan> stubborn = waitFor(patient, SIGTERM);
        gone(patient, stubborn, "was ended with SIGTERM", report);
        signal(stubborn, ProcessHandle::destroyForcibly);
        List<Orphan> stuck = waitFor(stubborn, SIGKILL);
        gone(stubborn, stuck, "was ended with SIGKILL", report);
        stuck.forEach(orphan -> report.add(orphan.name() + " still runs after SIGKILL"));
    }

    /** The workers, and what they have started, wherever it has gone: what carries the mark of their daemon. */
    private static List<Orphan> orphans(WorkersFile left, List<String> report) throws IOException {
        Map<ProcessIdentity, String> listed = new LinkedHashMap<>();
        for (WorkersFile.Worker worker : left.workers()) {
            if (worker.identity().alive()) {
                listed.put(
                        worker.identity(),
                        "its worker rank " + worker.rank() + " of pool "
                                + ForeignText.of(worker.pool(), ForeignText.NAME) + " (pid " + worker.pid() + ")");
            }
        }
        List<Orphan> found = new ArrayList<>();
        ProcessTable table = ProcessTable.read();
        for (ProcStat marked : ProcessMark.of(left.daemon(), table)) {
            String started = marked.name() + " (pid " + marked.pid() + "), which its workers started,";
            String name = listed.remove(marked.identity());
            found.add(new Orphan(marked.identity(), name == null ? started : name));
        }
        if (table.unseen().isPresent()) {
            throw new IOException("whether its workers run could not be seen: "
                    + table.unseen().get());
        }
        listed.values()
                .forEach(name -> report.add(name + " is left alone: nothing in its environment shows that the daemon"
                        + " started it, and the list alone proves nothing"));
        return found;
    }

    private static void gone(List<Orphan> before, List<Orphan> after, String how, List<String> report) {
        before.stream()
                .filter(orphan -> !after.contains(orphan))
                .forEach(orphan -> report.add(orphan.name() + " " + how));
    }

    private static List<Orphan> waitFor(List<Orphan> orphans, Duration limit) throws InterruptedException {
        Deadline deadline = Deadline.in(limit);
        List<Orphan> left = orphans;
        while (!left.isEmpty() && !deadline.expired()) {
            // They are not our children, so nobody reports their end.
            Thread.sleep(LOOK_AGAIN);
            left = left.stream().filter(orphan -> !orphan.identity().gone()).toList();
        }
        return left;
    }

    private static void signal(List<Orphan> orphans, Consumer<ProcessHandle> send) {
        for (Orphan orphan : orphans) {
            ProcessIdentity identity = orphan.identity();
            // The handle keeps the start time that it saw and compares it before it signals, so get the handle before
            // the proof.
            Optional<ProcessHandle> handle = ProcessHandle.of(identity.pid());
            if (identity.alive()) {
                handle.ifPresent(send);
            }
        }
    }

    private static void delete(Path file, List<String> report) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            report.add(file + " cannot be removed: " + FileErrors.reason(e));
        }
    }
}
