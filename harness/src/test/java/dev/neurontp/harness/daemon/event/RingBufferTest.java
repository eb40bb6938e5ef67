package dev.neurontp.harness.daemon.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
