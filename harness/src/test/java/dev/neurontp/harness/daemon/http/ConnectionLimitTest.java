package dev.neurontp.harness.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
    @Test
    void halfOfWhatTheProgramDoesNotNeedIsForThePools() {
        assertThat(of("65536")).isEqualTo(2048);
        assertThat(of("1024")).isEqualTo(480);
        assertThat(of("64")).isEqualTo(4);
    }

    @Test
    void withoutALimitItIsWhatIsSet() {
        assertThat(of("unlimited")).isEqualTo(2048);
        assertThat(ConnectionLimit.of(2048, "")).isEqualTo(2048);
    }

    private static int of(String files) {
        return ConnectionLimit.of(2048, """
                Limit                     Soft Limit           Hard Limit           Units
                Max core file size        0                    unlimited            bytes
                Max open files            %s                 4096                 files
                Max locked memory         8388608              8388608              bytes
                """.formatted(files));
    }
}
