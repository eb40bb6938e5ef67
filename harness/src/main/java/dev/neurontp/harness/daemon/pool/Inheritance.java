package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.runtime.PlacedRank;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import dev.neurontp.harness.process.EndCommand;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What earlier daemons have left on other hosts. Nobody hears its agents any more, so they end it when its lease is over; until then
 * nobody gets its devices, unless the command of its launcher shows that it has ended before. Any thread.
 */
final class Inheritance {
    private static final Logger LOG = LoggerFactory.getLogger(Inheritance.class);

    /** Each end command is a process of this host. */
    private static final int AT_ONCE = 8;

    private final Fences fences;
    private final WorkerLedger ledger;
    private final Semaphore commands = new Semaphore(AT_ONCE);

    Inheritance(Fences fences, WorkerLedger ledger) {
        this.fences = fences;
        this.ledger = ledger;
    }

    /** A pool's ranks on one host. */
    private record Group(String pool, String host, String launcher) {}

    /** Takes them; each has the end of its lease. Their end commands run after that, on threads of their own. Whether they are written down. */
    boolean take(List<PlacedRank> left) {
        fences.add(left);
        boolean written = ledger.inherit(left);
        left.stream()
                .collect(Collectors.groupingBy(
                        rank -> new Group(rank.pool(), rank.host(), rank.launcher()),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .forEach(this::take);
        return written;
    }

    private void take(Group group, List<PlacedRank> ranks) {
        LOG.warn(
                "found: {} of the pool {} on {}, started by the launcher {} of an earlier daemon: nobody has seen the end, which comes"
                        + " by {} at the latest{}",
                words(ranks),
                group.pool(),
                group.host(),
                group.launcher(),
                ranks.stream().map(PlacedRank::until).max(Instant::compareTo).orElseThrow(),
                devices(ranks));
        if (ranks.stream()
                .anyMatch(rank ->
                        rank.endCommand().isPresent() || rank.besideEndCommand().isPresent())) {
            DaemonGuard.ensure();
        }
        for (PlacedRank rank : ranks) {
            rank.endCommand().ifPresent(command -> start(rank, command, () -> run(rank, command)));
            rank.besideEndCommand().ifPresent(command -> start(rank, command, () -> runBeside(rank, command)));
        }
    }

    private static void start(PlacedRank rank, EndCommand command, Runnable body) {
        try {
            DaemonThread.startVirtual("end-" + rank.pool() + "-" + rank.rank(), body, null);
        } catch (ThreadLimitException e) {
            LOG.warn("'{}' is not run: {}", command.line(), e.getMessage());
        }
    }

    private boolean isDone(EndCommand command) throws InterruptedException {
        commands.acquire();
        try {
            return command.run(Deadline.in(EndCommand.LIMIT));
        } finally {
            commands.release();
        }
    }

    /** What serves the comm_id holds no device, and was there only while the pool was joining. */
    private void runBeside(PlacedRank rank, EndCommand command) {
        try {
            if (!isDone(command)) {
                LOG.warn(
                        "what served the comm_id of the pool {} on {} may live until its lease is over: '{}' has not said that it has ended",
                        rank.pool(),
                        rank.host(),
                        command.line());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(PlacedRank rank, EndCommand command) {
        try {
            boolean done = isDone(command);
            String what = "rank " + rank.rank() + " of the pool " + rank.pool() + " on " + rank.host();
            if (done && command.proves()) {
                fences.remove(List.of(rank));
                ledger.ended(List.of(rank));
                LOG.info("{} is gone, says '{}'", what, command.line());
            } else if (done) {
                LOG.info("{} was told to end, or is not there, by '{}', which proves no end", what, command.line());
            } else {
                LOG.warn("{} may live: '{}' has not said that it has ended", what, command.line());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String words(List<PlacedRank> ranks) {
        return Ranks.words(ranks.stream().map(PlacedRank::rank).toList());
    }

    private static String devices(List<PlacedRank> ranks) {
        String devices = ranks.stream()
                .filter(PlacedRank::needsDevice)
                .map(rank -> rank.host() + ":" + rank.device())
                .collect(Collectors.joining(", "));
        return devices.isEmpty() ? "" : "; until then no pool gets " + devices;
    }
}
