package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.LeftBehind;
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
    private final Heir heir;
    private final List<Left> left = new ArrayList<>();
    private final List<String> report = new ArrayList<>();

    /**
     * The workers of a dead daemon.
     *
     * @param known whether others know what it tells of other hosts, so that nobody needs the file for that any more
     */
    private record Left(Path file, WorkersFile workers, boolean known) {}

    /** One process that a dead daemon left, and how the report calls it. */
    private record Orphan(ProcessIdentity identity, String name) {}

    /**
     * Of that folder. One thread; {@link #takeOver} comes first.
     *
     * @param heir takes what may live, before the file that tells of it goes
     */
    public OrphanCleanup(RuntimeFolder folder, Heir heir) {
        this.folder = folder;
        this.heir = heir;
    }

    /** Reads what dead daemons have left, and has it kept apart. Ends nothing, and is bounded by the folder alone. */
    public void takeOver() {
        try {
            for (Path file : folder.list("workers-*.json")) {
                workers(file);
            }
        } catch (IOException e) {
            unreadable(e);
        }
    }

    /**
     * Removes the files of dead daemons and ends their workers: those that do not go by themselves get SIGTERM, then
     * SIGKILL. The file of those that even that did not end stays for the next daemon. Bounded by 10 s for each dead daemon.
     *
     * @return what was found and done, a line each, for the log; empty when all was in order
     */
    public List<String> clean() throws InterruptedException {
        sweep();
        daemons();
        for (Left found : left) {
            end(found);
        }
        return report;
    }

    private void sweep() {
        try {
            TemporaryFiles.sweep(folder, Instant.now());
        } catch (IOException e) {
            unreadable(e);
        }
    }

    private void daemons() throws InterruptedException {
        try {
            for (Path file : folder.list("daemon-*.json")) {
                daemon(file);
            }
        } catch (IOException e) {
            unreadable(e);
        }
    }

    private void unreadable(IOException e) {
        String line = "the folder " + folder.path() + " cannot be cleaned up: " + FileErrors.reason(e);
        if (!report.contains(line)) {
            report.add(line);
        }
    }

    private void end(Left found) throws InterruptedException {
        try {
            boolean ended = end(found.workers());
            if (ended && found.known()) {
                delete(found.file());
            } else if (found.known() && !found.workers().placed().isEmpty()) {
                // A lease counts from what was taken over, and not anew at each start.
                PrivateFile.replace(found.file(), Json.bytes(found.workers().withoutPlaced()));
            }
        } catch (IOException e) {
            report.add(found.file() + " is left alone: " + FileErrors.reason(e));
        }
    }

    private void daemon(Path file) throws InterruptedException {
        try {
            DaemonFile daemon = DaemonFile.read(file);
            if (daemon.dead(RuntimeFolder.written(file))) {
                boolean over = hasList(daemon) || end(WorkersFile.ofNone(daemon));
                report.add("the daemon with pid " + daemon.pid() + " (" + daemon.url() + ", started " + daemon.started()
                        + ") ended without cleaning up: "
                        + (over ? "its file is removed" : "its file stays, as something that it has started does"));
                if (over) {
                    delete(file);
                }
            }
        } catch (IOException e) {
            report.add(file + " is left alone: " + FileErrors.reason(e));
        }
    }

    /** Without one a daemon had no pool yet, or was just starting its first, whose workers are nobody's then. */
    private boolean hasList(DaemonFile daemon) {
        return left.stream().anyMatch(one -> one.workers().daemon().equals(daemon.identity()));
    }

    private void workers(Path file) {
        try {
            WorkersFile found = WorkersFile.read(file);
            if (found.dead(RuntimeFolder.written(file))) {
                heir.inheritHere(found.leftHere());
                List<PlacedRank> elsewhere = found.leftElsewhere(Instant.now());
                left.add(new Left(file, found, elsewhere.isEmpty() || heir.inherit(elsewhere)));
            } else if (found.isOfAnotherContainer()) {
                List<PlacedRank> theirs = found.mayLive(lastSeen(file), Instant.now()).stream()
                        .filter(PlacedRank::needsDevice)
                        .toList();
                if (!theirs.isEmpty()) {
                    heir.keepApart(theirs);
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

    /** Ends what they have left here; whether nothing of it is there any more. */
    private boolean end(WorkersFile workers) throws IOException, InterruptedException {
        List<Orphan> running = orphans(workers);
        List<Orphan> patient = waitFor(running, BY_THEMSELVES);
        gone(running, patient, "ended by itself");
        signal(patient, ProcessHandle::destroy);
        List<Orphan> stubborn = waitFor(patient, SIGTERM);
        gone(patient, stubborn, "was ended with SIGTERM");
        signal(stubborn, ProcessHandle::destroyForcibly);
        List<Orphan> stuck = waitFor(stubborn, SIGKILL);
        gone(stubborn, stuck, "was ended with SIGKILL");
        stuck.forEach(orphan -> report.add(orphan.name() + " still runs after SIGKILL"));
        return stuck.isEmpty()
                && endsWhatTheyHaveStartedMeanwhile(workers)
                && workers.workers().stream()
                        .allMatch(worker ->
                                worker.device() == null || worker.identity().gone());
    }

    /** As a worker does that hands over to a helper when it is told to end. */
    private boolean endsWhatTheyHaveStartedMeanwhile(WorkersFile workers) throws InterruptedException {
        LeftBehind meanwhile = new LeftBehind();
        meanwhile.end(table -> ProcessMark.of(workers.daemon(), table));
        List<String> stuck = meanwhile.stillRunning();
        meanwhile
                .names()
                .forEach(name -> report.add(name + ", which its workers started at their end, "
                        + (stuck.contains(name) ? "still runs after SIGKILL" : "was ended with SIGKILL")));
        meanwhile
                .unseen()
                .ifPresent(why -> report.add("what its workers started at their end could not be seen: " + why));
        return stuck.isEmpty() && meanwhile.unseen().isEmpty();
    }

    /** The workers, and what they have started, wherever it has gone: what carries the mark of their daemon. */
    private List<Orphan> orphans(WorkersFile found) throws IOException {
        Map<ProcessIdentity, String> listed = new LinkedHashMap<>();
        for (WorkersFile.Worker worker : found.workers()) {
            if (worker.identity().alive()) {
                listed.put(
                        worker.identity(),
                        "its worker rank " + worker.rank() + " of pool "
                                + ForeignText.of(worker.pool(), ForeignText.NAME) + " (pid " + worker.pid() + ")");
            }
        }
        List<Orphan> orphans = new ArrayList<>();
        ProcessTable table = ProcessTable.read();
        for (ProcStat marked : ProcessMark.of(found.daemon(), table)) {
            String started = marked.name() + " (pid " + marked.pid() + "), which its workers started,";
            String name = listed.remove(marked.identity());
            orphans.add(new Orphan(marked.identity(), name == null ? started : name));
        }
        if (table.unseen().isPresent()) {
            throw new IOException("whether its workers run could not be seen: "
                    + table.unseen().get());
        }
        listed.values()
                .forEach(name -> report.add(name + " is left alone: nothing in its environment shows that the daemon"
                        + " started it, and the list alone proves nothing"));
        return orphans;
    }

    private void gone(List<Orphan> before, List<Orphan> after, String how) {
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

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            report.add(file + " cannot be removed: " + FileErrors.reason(e));
        }
    }
}
