package dev.neurontp.harness.daemon.runtime;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.process.ProcessIdentity;
import dev.neurontp.harness.process.ProcessMark;
import dev.neurontp.harness.process.Remains;
import dev.neurontp.harness.text.ForeignText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/**
 * The workers of one daemon, written so that the next one can prove which processes a crash left behind.
 *
 * @param pid of the daemon, with its start and boot
 * @param placed its ranks on other hosts; null in a file of an earlier version
 * @param host where the pids count; null in a file of an earlier version
 */
record WorkersFile(
        int format,
        long pid,
        long startTicks,
        String bootId,
        List<Worker> workers,
        List<PlacedRank> placed,
        HostIdentity host) {
    /** 16 pools of 1024 ranks, with room to spare. */
    private static final int MOST_BYTES = 32 * 1024 * 1024;

    WorkersFile {
        placed = placed == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(placed));
    }

    /** That of a daemon which has written none. */
    static WorkersFile ofNone(DaemonFile daemon) {
        return new WorkersFile(
                DaemonFile.FORMAT,
                daemon.pid(),
                daemon.startTicks(),
                daemon.bootId(),
                List.of(),
                List.of(),
                daemon.host());
    }

    /**
     * One rank's process.
     *
     * @param device of this host that it holds; null for none, and in a file of an earlier version
     */
    record Worker(String pool, int rank, long pid, long startTicks, String bootId, Long device) {
        ProcessIdentity identity() {
            return new ProcessIdentity(pid, startTicks, bootId);
        }
    }

    /**
     * What stands in {@code file}.
     *
     * @throws IOException with the reason, when it cannot be read or is of another format
     */
    static WorkersFile read(Path file) throws IOException {
        WorkersFile read;
        try {
            read = Json.mapper().readValue(SmallFile.read(file, MOST_BYTES), WorkersFile.class);
        } catch (JacksonException e) {
            throw new IOException("it does not hold what a daemon writes", e);
        }
        if (read == null
                || read.format != DaemonFile.FORMAT
                || read.bootId == null
                || read.workers == null
                || read.workers.stream().anyMatch(worker -> worker == null || worker.bootId() == null)
                || read.placed().stream().anyMatch(rank -> rank == null || !rank.plausible())) {
            throw new IOException("it does not hold what a daemon of this version writes");
        }
        return read;
    }

    /** Whether {@code file} lists the workers of that daemon. */
    static boolean isOf(DaemonFile daemon, Path file) {
        try {
            WorkersFile read = read(file);
            return read.daemon().equals(daemon.identity()) && HostIdentity.isHere(read.bootId, read.host);
        } catch (IOException _) {
            return false; // whatever it is, it is not ours
        }
    }

    /**
     * What its workers on this host hold, each as long as it is there, or anything else that their daemon has started: that may be a helper
     * of any of them.
     */
    List<Heir.LeftHere> leftHere() {
        Set<ProcessIdentity> listed = workers.stream().map(Worker::identity).collect(Collectors.toSet());
        return workers.stream()
                .filter(worker -> worker.device != null)
                .map(worker -> new Heir.LeftHere(
                        ForeignText.of(worker.pool, ForeignText.NAME),
                        worker.rank,
                        worker.device,
                        new Remains(
                                List.of(worker.identity()),
                                Optional.of(table -> ProcessMark.of(daemon(), table).stream()
                                        .filter(process -> !listed.contains(process.identity()))
                                        .toList()))))
                .toList();
    }

    /** The same where others know of its ranks on other hosts. */
    WorkersFile withoutPlaced() {
        return new WorkersFile(format, pid, startTicks, bootId, workers, List.of(), host);
    }

    /** The ranks on other hosts that may live, as whoever has seen the end of their daemon knows them. */
    List<PlacedRank> leftElsewhere(Instant now) {
        return placed.stream()
                .map(rank -> rank.leftAt(now))
                .filter(rank -> rank.until().isAfter(now))
                .toList();
    }

    /** The ranks on other hosts that may live where nobody knows whether their daemon does, which was last seen then. */
    List<PlacedRank> mayLive(Instant seen, Instant now) {
        return leftElsewhere(now).stream()
                .filter(rank -> rank.leftAt(seen).until().isAfter(now))
                .toList();
    }

    /** Whether their daemon is one of this host, in a container with pids of its own. */
    boolean isOfAnotherContainer() {
        return bootId.equals(ProcessIdentity.thisBoot()) && !HostIdentity.isHere(bootId, host);
    }

    /** Whether their daemon is gone for certain. */
    boolean dead(Instant written) {
        return HostIdentity.isHere(bootId, host) ? daemon().gone() : HostIdentity.isEarlierBoot(bootId, host, written);
    }

    ProcessIdentity daemon() {
        return new ProcessIdentity(pid, startTicks, bootId);
    }
}
