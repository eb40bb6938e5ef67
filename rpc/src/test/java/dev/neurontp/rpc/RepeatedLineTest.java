package dev.neurontp.rpc;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepeatedLineTest {
    private final RepeatedLine<String> repeated = new RepeatedLine<>();

    @Test
    void theSameBytesMeanTheSameAndNoOthersDo() {
        assertThat(repeated.of(new byte[0])).isNull();
        repeated.keep("ping".getBytes(US_ASCII), "a ping");
        assertThat(repeated.of("ping".getBytes(US_ASCII))).isEqualTo("a ping");
        assertThat(repeated.of("ping ".getBytes(US_ASCII))).isNull();
        repeated.keep("pong".getBytes(US_ASCII), "a pong");
        assertThat(repeated.of("ping".getBytes(US_ASCII))).isNull();
    }

    /** Else what stood before it would be taken for what came last. */
    @Test
    void aLongLineIsNotKeptAndNorIsTheOneBefore() {
        repeated.keep("ping".getBytes(US_ASCII), "a ping");
        byte[] longer = "x".repeat(257).getBytes(US_ASCII);
        repeated.keep(longer, "a long one");
        assertThat(repeated.of(longer)).isNull();
        assertThat(repeated.of("ping".getBytes(US_ASCII))).isNull();
    }
}
