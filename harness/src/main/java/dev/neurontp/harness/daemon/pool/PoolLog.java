package dev.neurontp.harness.daemon.pool;

import dev.neurontp.harness.daemon.event.RingBuffer;
import dev.neurontp.harness.process.StderrListener;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** What a pool's workers wrote to stderr, the newest lines of all ranks. */
public final class PoolLog implements StderrListener {
    /** Of the text alone; whatever the number of lines allows. */
    private static final long MOST_CHARACTERS = 1 << 20;

    private static final int SHOWN = 10;

    /** One line, numbered from 1. */
    public record Line(long seq, Instant time, int rank, Optional<String> host, String text) {}

    private final IntFunction<Optional<String>> hosts;
    private final Clock clock;
    private final RingBuffer<Line> ring;

    /** Keeps so many lines of a pool whose ranks are on these hosts. */
    PoolLog(int lines, IntFunction<Optional<String>> hosts, Clock clock) {
        this.hosts = hosts;
        this.clock = clock;
        this.ring = new RingBuffer<>(lines, MOST_CHARACTERS, line -> line.text().length());
    }

    @Override
    public void line(int rank, String line) {
        ring.add(seq -> new Line(seq, clock.instant(), rank, hosts.apply(rank), line));
    }

    void close() {
        ring.close();
    }

    public RingBuffer<Line> ring() {
        return ring;
    }

    /** The last lines of one rank. */
    public List<String> last(int rank) {
        List<String> lines = ring.after(0).entries().stream()
                .filter(line -> line.rank() == rank)
                .map(Line::text)
                .toList();
        return lines.subList(Math.max(0, lines.size() - SHOWN), lines.size());
    }
}
