package dev.neurontp.harness.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExitWordsTest {
    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max cpu time              %s            %s            seconds
            Max file size             unlimited            unlimited            bytes
            """;

    @Test
    void theSignalIsNamedAndTheLimitBehindIt() {
        assertThat(ExitWords.of(3)).isEqualTo("3");
        assertThat(ExitWords.of(139)).isEqualTo("139 (SIGSEGV)");
        assertThat(ExitWords.of(152))
                .isEqualTo("152 (SIGXCPU: its limit on CPU time is used up, raise it with ulimit -t)");
        assertThat(ExitWords.of(153))
                .isEqualTo("153 (SIGXFSZ: its limit on the size of files is reached, raise it with ulimit -f)");
    }

    /** {@code ulimit -t} sets both limits, and at the hard one the kernel sends SIGKILL. */
    @Test
    void aHardLimitOnCpuTimeMayBeBehindSigkill() {
        assertThat(ExitWords.ofChild(137, LIMITS.formatted("20", "20")))
                .isEqualTo("137 (SIGKILL, which is also what ends it after 20 s of CPU time: ulimit -t)");
        assertThat(ExitWords.ofChild(137, LIMITS.formatted("20", "unlimited"))).isEqualTo("137 (SIGKILL)");
        assertThat(ExitWords.ofChild(139, LIMITS.formatted("20", "20"))).isEqualTo("139 (SIGSEGV)");
    }
}
