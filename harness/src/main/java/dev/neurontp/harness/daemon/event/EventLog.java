package dev.neurontp.harness.daemon.event;

import dev.neurontp.harness.api.EventView;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;

/** The events of one daemon, the newest kept. Any thread may call. */
public final class EventLog {
    private static final int INSTANCE_DIGITS = 8;

    private final String instance;
    private final Clock clock;
    private final RingBuffer<EventView> ring;

    /**
     * An empty log.
     *
     * @param capacity how many events are kept
     */
    public EventLog(int capacity, Clock clock) {
        this.clock = clock;
        this.instance =
                HexFormat.of().toHexDigits(new SecureRandom().nextLong()).substring(0, INSTANCE_DIGITS);
        this.ring = new RingBuffer<>(capacity, Long.MAX_VALUE, event -> 1);
    }

    /** Notes what happened. */
    public void publish(EventBuilder happening) {
        ring.add(seq -> happening.at(id(seq), seq, clock.instant()));
    }

    /** Nothing will happen any more. */
    public void close() {
        ring.close();
    }

    public RingBuffer<EventView> ring() {
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

    /** What a reader is told who missed {@code count} events up to number {@code seq}. */
    public EventView lost(long count, long seq) {
        return EventBuilder.of(EventType.LOST).count(count).at(id(seq), Math.max(1, seq), clock.instant());
    }

    private String id(long seq) {
        return instance + "-" + seq;
    }
}
