package dev.neurontp.conformance.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Launch;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process that was asked for its help says without end, or holds open, is no reason to listen for ever. */
@Timeout(120)
final class StreamsTest {

    /** Of what is kept, in characters. */
    private static final int MOST = 1 << 20;

    private static final int A_LINE = 300;

    @Test
    void aBoundedPartOfStdoutIsKept() throws StartFailure {
        String line = "x".repeat(A_LINE);
        try (WorkerProcess worker = start("yes " + line + " | head -n 8000")) {
            assertThat(Streams.stdout(worker).length()).isBetween(MOST, MOST + 2 * A_LINE);
        }
    }

    /** It waits for the end of stdout, and there is none. */
    @Test
    void stdoutThatStaysOpenIsNotAwaitedForEver() throws StartFailure {
        try (WorkerProcess worker = start("echo help; sleep 310")) {
            assertThat(Streams.stdout(worker)).isEqualTo("help\n");
        }
    }

    @Test
    void stderrThatAChildHoldsOpenIsNotAwaitedForEver() throws StartFailure {
        try (WorkerProcess worker = start("sleep 311 >/dev/null & exit 0")) {
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(10)))).isPresent();
            assertThat(Streams.hasStderr(worker)).isFalse();
        }
    }

    private static WorkerProcess start(String script) throws StartFailure {
        return WorkerProcess.start(Launch.of(List.of("/bin/sh", "-c", script)));
    }
}
