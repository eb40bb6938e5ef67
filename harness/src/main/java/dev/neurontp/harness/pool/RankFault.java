package dev.neurontp.harness.pool;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.SecondaryFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * The first fault that was seen of one rank, before its process was ended and the evidence gathered.
 *
 * @param operation what was in flight, by its name; {@link #SPAWN} before the first one, {@link #IDLE} between two
 */
record RankFault(
        int rank,
        String operation,
        Duration elapsed,
        Nature nature,
        String reason,
        Optional<WorkerResponse.Error> error) {
    static final String SPAWN = "spawn";
    static final String IDLE = "idle";
    /** For an error's kind and message and the words around them, in characters. */
    private static final int LONGEST_REASON = ForeignText.MESSAGE + 2 * ForeignText.NAME;

    /** What kind of fault. */
    enum Nature {
        /** The process has ended, or its stdout or stdin has: the cause of what the other ranks report. */
        EXITED,
        /** It broke the contract: no later reply can be trusted. */
        PROTOCOL,
        /** The same, by a line on stdout that is no reply at all. */
        STDOUT,
        /** It answered with an error. Often the consequence of another rank's exit. */
        REFUSAL,
        /** It did not answer in time. */
        TIMEOUT
    }

    /** Whatever a reason quotes, it is one line within a bound. */
    RankFault {
        reason = ForeignText.of(reason, LONGEST_REASON);
        error = error.map(Reply::bounded);
    }

    static RankFault refusal(int rank, String operation, Duration elapsed, WorkerResponse.Error said) {
        WorkerResponse.Error error = Reply.bounded(said);
        return new RankFault(
                rank,
                operation,
                elapsed,
                Nature.REFUSAL,
                "it answered with the error " + error.kind() + ": " + error.message(),
                Optional.of(error));
    }

    /** Of rank 0, which the others join; the error says that there is nothing to join, and why. */
    static RankFault noCommId(String operation, Duration elapsed, WorkerResponse.Error why) {
        WorkerResponse.Error error = Reply.bounded(why);
        String reason = error.kind() + ": " + error.message();
        return new RankFault(0, operation, elapsed, Nature.REFUSAL, reason, Optional.of(error));
    }

    /** Whether it is the consequence of another rank's failure. */
    boolean blamesOthers() {
        return nature == Nature.REFUSAL && SecondaryFailure.says(reason);
    }

    /** How its message begins: {@code ping failed on rank 2}. */
    String title() {
        return title(operation, "rank " + rank);
    }

    static String title(String operation, String ranks) {
        return operation.equals(IDLE) ? "the idle pool lost " + ranks : operation + " failed on " + ranks;
    }

    /** The same in an operation that had not asked this rank yet, or had its answer already. */
    RankFault during(Exchange<?> exchange) {
        String when = exchange.hasAnswer(rank) ? ", after it had answered" : ", before it was asked";
        return new RankFault(rank, exchange.operation().name(), exchange.elapsed(), nature, reason + when, error);
    }

    RankFault during(String other) {
        return new RankFault(rank, other, elapsed, nature, reason, error);
    }

    static RankFault of(int rank, String operation, Duration elapsed, Nature nature, String reason) {
        return new RankFault(rank, operation, elapsed, nature, reason, Optional.empty());
    }
}
