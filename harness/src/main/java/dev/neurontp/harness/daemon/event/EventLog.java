package dev.neurontp.harness.daemon.event;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;

/** The events of one daemon, the newest kept. Any thread may call. */
public final class EventLog {
    private static final int INSTANCE_DIGITS = 8;
    /** Of all events together, for each that may be kept. An ordinary one weighs a quarter of that. */
    private static final long MOST_WEIGHT = 1024;

    private final String instance;
    private final Clock clock;
    private final RingBuffer<Event> ring;

    /**
     * An empty log.
     *
     * @param capacity how many events are kept; fewer where many quote long texts, so that all together have at most 1024
     *     characters for each
     */
    public EventLog(int capacity, Clock clock) {
        this.clock = clock;
        this.instance =
                HexFormat.of().toHexDigits(new SecureRandom().nextLong()).substring(0, INSTANCE_DIGITS);
        this.ring = new RingBuffer<>(capacity, capacity * MOST_WEIGHT, Event::weight);
    }

    /** Adds an event of the daemon itself. */
    public void publish(EventData data) {
        publish(Optional.empty(), data);
    }

    /** Adds an event of a pool. */
    public void publish(Event.Subject pool, EventData data) {
        publish(Optional.of(pool), data);
    }

    private void publish(Optional<Event.Subject> pool, EventData data) {
        ring.add(seq -> event(seq, pool, data));
    }

    /** Adds an event of the daemon itself that stays the last one, whatever is published meanwhile. */
    public void closeAfter(EventData data) {
        ring.closeAfter(seq -> event(seq, Optional.empty(), data));
    }

    private Event event(long seq, Optional<Event.Subject> pool, EventData data) {
        return new Event(id(seq), seq, clock.instant(), pool, data);
    }

    public RingBuffer<Event> ring() {
        return ring;
    }

    /** The number in an event's id; 0, from the beginning, for {@code 0} and for an id of another daemon. */
    public long seqOf(String id) {
        String prefix = instance + "-";
        if (!id.startsWith(prefix)) {
            return 0;
        }
        try {
            return Math.clamp(Long.parseLong(id.substring(prefix.length())), 0, ring.lastSeq());
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** The event for a reader that missed {@code count} events up to number {@code seq}. */
    public Event lost(long count, long seq) {
        return new Event(id(seq), Math.max(1, seq), clock.instant(), Optional.empty(), new EventData.Lost(count));
    }

    private String id(long seq) {
        return instance + "-" + seq;
    }
}
