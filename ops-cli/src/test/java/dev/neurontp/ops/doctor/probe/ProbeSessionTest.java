package dev.neurontp.ops.doctor.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.os.DaemonThread;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the program that asks the driver prints, or a library in it, nobody waits longer than the question may take. */
@Timeout(60)
class ProbeSessionTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void anAnswerEndsWithItsLastLine() throws Exception {
        try (ProbeSession session = start("while read question; do echo a=1; echo end=; echo more=2; done")) {
            assertThat(session.ask(LONG).facts().is("a", 1)).isTrue();
        }
    }

    @Test
    void aProgramThatNeverStopsTalkingIsNotHeardForEver() throws Exception {
        try (ProbeSession session = start("yes a=1")) {
            assertThat(session.ask(SHORT).problem()).isPresent();
        }
    }

    @Test
    void aLineWithoutAnEndIsReadUpToABound() throws Exception {
        try (ProbeSession session = start("tr '\\0' a </dev/zero")) {
            assertThat(session.ask(LONG).problem().orElseThrow()).contains("a line of more than 65536 bytes");
        }
    }

    @Test
    void aQuestionThatNobodyWaitsForAnyMoreIsGivenUpAndIsNoHang() throws Exception {
        AtomicBoolean stopped = new AtomicBoolean();
        try (ProbeSession session = start("while read question; do sleep 0.2; echo end=; exec sleep 60; done")) {
            assertThat(session.ask(LONG, stopped::get).problem()).isEmpty();
            Deadline since = Deadline.in(LONG);
            DaemonThread.start("stop", () -> stopped.set(true));
            Answer answer = session.ask(LONG, stopped::get);
            assertThat(answer.problem()).hasValue(ProbeSession.GIVEN_UP);
            assertThat(answer.hang()).isEmpty();
            assertThat(session.ask(LONG)).as("it is over").isSameAs(answer);
            assertThat(since.elapsed()).isLessThan(Duration.ofSeconds(10));
        }
    }

    private static ProbeSession start(String script) throws IOException {
        return ProbeSession.start(new ProcessBuilder("/bin/sh", "-c", script), "end");
    }
}
