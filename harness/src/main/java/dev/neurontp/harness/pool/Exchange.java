package dev.neurontp.harness.pool;

import dev.neurontp.harness.time.Durations;
import dev.neurontp.rpc.WorkerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One operation of a group from its start to its landing, which every way out passes. */
final class Exchange implements AutoCloseable {
    private final Group group;
    private final Operation operation;

    Exchange(Group group, Operation operation) {
        this.group = group;
        this.operation = operation;
    }

    /** Waits for every answer; throws when one is missing or bad, the group having ended. */
    void land() throws PoolException, InterruptedException {
        boolean landed;
        try {
            landed = operation.await(operation::complete);
        } catch (InterruptedException e) {
            blameSilent("the caller was interrupted before it answered");
            if (!lastAnswersCameIn()) {
                throw e;
            }
            // Nothing is outstanding, and the next wait hears of the interrupt.
            Thread.currentThread().interrupt();
            return;
        }
        if (!landed && !operation.stopped()) {
            blameSilent("it did not answer within " + Durations.time(operation.limit()));
            landed = lastAnswersCameIn();
        }
        if (!landed) {
            throw stopped();
        }
    }

    /** The last answers can come in while the silent are looked for; that counts. */
    private boolean lastAnswersCameIn() {
        return operation.complete() && !operation.stopped();
    }

    /** Waits for the comm_id, which the leader makes itself. */
    String awaitCommId() throws PoolException, InterruptedException {
        LocalRank seat = group.seat();
        boolean landed;
        try {
            landed = operation.await(() -> seat.commId() != null);
        } catch (InterruptedException e) {
            blameLeader("the caller was interrupted before there was a comm_id");
            throw e;
        }
        if (!landed) {
            if (!operation.stopped()) {
                blameLeader("the leader could not make a comm_id within " + Durations.time(operation.limit()));
            }
            throw stopped();
        }
        return seat.commId();
    }

    private PoolException stopped() throws InterruptedException {
        return group.whyEnded(operation.op().label() + " was stopped after " + Durations.time(operation.elapsed())
                + ": the pool was shut down");
    }

    /** Every rank must have answered {@code value}. */
    void requireValue(long value) throws PoolException, InterruptedException {
        boolean wrong = false;
        for (Seat seat : seats()) {
            long observed = operation.value(seat.member());
            if (observed != value) {
                wrong = true;
                group.fail(RankFault.of(
                        seat.rank(),
                        operation.op(),
                        operation.elapsed(),
                        RankFault.Nature.PROTOCOL,
                        "it observed the sum " + observed + " instead of " + value));
            }
        }
        if (wrong) {
            throw group.whyEnded("the pool was shut down");
        }
    }

    /** Every rank must have come to the sums of {@code worldSize} ranks. */
    void requireRightSums(int worldSize) throws PoolException, InterruptedException {
        SortedMap<Integer, WorkerResponse.XNcclCheckResult> sums = new TreeMap<>();
        seats().forEach(seat -> sums.put(seat.rank(), operation.check(seat.member())));
        SortedMap<Integer, String> wrong = SumDiagnosis.find(worldSize, sums);
        wrong.forEach((rank, reason) ->
                group.fail(RankFault.of(rank, operation.op(), operation.elapsed(), RankFault.Nature.PROTOCOL, reason)));
        if (!wrong.isEmpty()) {
            throw group.whyEnded("the pool was shut down");
        }
    }

    List<RankTime> times() {
        List<RankTime> times = new ArrayList<>();
        for (Seat seat : seats()) {
            times.add(new RankTime(seat.rank(), seat.pid(), operation.took(seat.member())));
        }
        return times;
    }

    @Override
    public void close() {
        group.release(operation);
    }

    /** One member of the operation. */
    private record Seat(int rank, int member, long pid) {}

    private List<Seat> seats() {
        List<Seat> seats = new ArrayList<>();
        int workers = group.channels().size();
        if (operation.members() > workers) {
            seats.add(new Seat(0, workers, ProcessHandle.current().pid()));
        }
        for (RankChannel channel : group.channels()) {
            seats.add(new Seat(
                    channel.rank(),
                    channel.member(),
                    channel.process().identity().pid()));
        }
        return seats;
    }

    private void blameSilent(String reason) {
        for (RankChannel channel : group.channels()) {
            if (!operation.hasAnswer(channel.member())) {
                channel.trouble(operation, RankFault.Nature.TIMEOUT, reason);
            }
        }
        int seat = group.channels().size();
        if (operation.members() > seat && !operation.hasAnswer(seat)) {
            blameLeader(reason);
        }
    }

    private void blameLeader(String reason) {
        group.fail(RankFault.of(0, operation.op(), operation.elapsed(), RankFault.Nature.TIMEOUT, reason));
    }
}
