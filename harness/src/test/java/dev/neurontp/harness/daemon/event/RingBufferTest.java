package dev.neurontp.harness.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RingBufferTest {
    private final RingBuffer<String> ring = new RingBuffer<>(10, 1000, String::length);

    @Test
    void whatClosesItStaysTheLast() {
        ring.add(seq -> "first " + seq);
        ring.closeAfter(seq -> "last " + seq);
        ring.add(seq -> "late " + seq);
        ring.closeAfter(seq -> "later " + seq);
        RingBuffer.Slice<String> all = ring.after(0);
        assertThat(all.entries()).containsExactly("first 1", "last 2");
        assertThat(all.closed()).isTrue();
    }

    /** As a writer that was busy while somebody had something else for it. */
    @Test
    @Timeout(30)
    void aWakeIsNotMissedByAReaderThatDoesNotWaitYet() throws Exception {
        long known = ring.wakes();
        ring.wake();
        assertThat(ring.await(0, known, Duration.ofDays(1)).entries()).isEmpty();
        assertThat(ring.await(0, ring.wakes(), Duration.ofMillis(1)).entries()).isEmpty();
    }
}
