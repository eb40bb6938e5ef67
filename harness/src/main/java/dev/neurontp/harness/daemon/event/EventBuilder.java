package dev.neurontp.harness.daemon.event;

import dev.neurontp.harness.api.EventView;
import dev.neurontp.harness.api.RankExitView;
import java.time.Instant;
import java.util.Optional;

/** What is said of a thing when it happens; {@link EventLog#publish} adds id and time. Mutable, for one thread. */
public final class EventBuilder {
    private final EventType type;
    private String pool;
    private Integer epoch;
    private String state;
    private Integer rank;
    private Long pid;
    private String op;
    private String operation;
    private String reason;
    private RankExitView end;
    private Double tookMs;
    private Long count;

    private EventBuilder(EventType type) {
        this.type = type;
    }

    /** A thing of that kind. */
    public static EventBuilder of(EventType type) {
        return new EventBuilder(type);
    }

    /** Where it happened. */
    public EventBuilder in(String id, int poolEpoch) {
        this.pool = id;
        this.epoch = poolEpoch;
        return this;
    }

    /** The state that was entered. */
    public EventBuilder state(String next) {
        this.state = next;
        return this;
    }

    /** The rank that it happened to. */
    public EventBuilder rank(int number, long process) {
        this.rank = number;
        this.pid = process;
        return this;
    }

    /** What was under way. */
    public EventBuilder op(String word) {
        this.op = word;
        return this;
    }

    /** The operation with that id. */
    public EventBuilder operation(String id, String word) {
        this.operation = id;
        this.op = word;
        return this;
    }

    /** Why, one line. */
    public EventBuilder reason(String why) {
        this.reason = why;
        return this;
    }

    /** How a rank ended. */
    public EventBuilder end(RankExitView how) {
        this.end = how;
        return rank(how.rank(), how.pid());
    }

    /** How long it took, in milliseconds. */
    public EventBuilder took(double millis) {
        this.tookMs = millis;
        return this;
    }

    EventBuilder count(long lost) {
        this.count = lost;
        return this;
    }

    EventView at(String id, long seq, Instant time) {
        return new EventView(
                id,
                seq,
                time,
                type.label(),
                Optional.ofNullable(pool),
                Optional.ofNullable(epoch),
                Optional.ofNullable(state),
                Optional.ofNullable(rank),
                Optional.ofNullable(pid),
                Optional.ofNullable(op),
                Optional.ofNullable(operation),
                Optional.ofNullable(reason),
                Optional.ofNullable(end),
                Optional.ofNullable(tookMs),
                Optional.ofNullable(count));
    }
}
