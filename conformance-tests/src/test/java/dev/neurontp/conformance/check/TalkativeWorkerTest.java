package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.process.Launch;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers that go on to say what is a frame each: nobody listens to all of it, and it is told as what it is. */
@Timeout(120)
final class TalkativeWorkerTest {

    private static final ReplyShape SHAPE = new ReplyShape(Contract.load());
    private static final String BYES = "yes '{\"op\":\"bye\"}'";
    /** One after the other, each long before the last wait for it is over. */
    private static final String TRICKLE = "while echo '{\"op\":\"bye\"}'; do sleep 0.01; done";

    @Test
    void aShutdownListensToABoundedNumberOfReplies() throws StartFailure {
        try (WorkerProcess worker = start("read line; " + BYES + " | head -n 3000; exit 0")) {
            WorkerShutdown shutdown = new WorkerShutdown(worker, SHAPE, Duration.ofSeconds(60));
            shutdown.close(true);
            assertThat(shutdown.violations().getFirst().got()).endsWith("(1000 in all)");
        }
    }

    @Test
    void aShutdownListensNoLongerThanItsTime() throws StartFailure {
        try (WorkerProcess worker = start(TRICKLE)) {
            WorkerShutdown shutdown = new WorkerShutdown(worker, SHAPE, Duration.ofMillis(300));
            shutdown.close(true);
            assertThat(shutdown.violations().getFirst().got()).doesNotContain("(1000 in all)");
        }
    }

    @Test
    void theRestOfAWorkerIsBounded() throws StartFailure, RuleViolation {
        try (WorkerProcess worker = start(BYES + " | head -n 3000; exit 0")) {
            assertThat(dedicated(worker, Duration.ofSeconds(60)).rest("nothing"))
                    .hasSize(1000);
        }
    }

    @Test
    void theRestOfAWorkerIsAwaitedNoLongerThanItsTime() throws StartFailure {
        try (WorkerProcess worker = start(TRICKLE)) {
            DedicatedWorker dedicated = dedicated(worker, Duration.ofMillis(300));
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    RuleViolation.class, () -> dedicated.rest("nothing"))
                            .got())
                    .contains("still runs");
        }
    }

    /** Each is kept with the transcript that it was seen in: all of them were more than the judge's memory. */
    @Test
    void ofLinesThatAreNoFramesTheFirstAreTold() throws StartFailure, RuleViolation {
        try (WorkerProcess worker = start("yes noise | head -n 3000; exit 0")) {
            List<RuleViolation> told = new ArrayList<>();
            DedicatedWorker dedicated = dedicated(worker, Duration.ofSeconds(60), told);
            assertThat(dedicated.rest("nothing")).isEmpty();
            assertThat(told).hasSize(100);
        }
    }

    private static DedicatedWorker dedicated(WorkerProcess worker, Duration time) {
        return dedicated(worker, time, new ArrayList<>());
    }

    private static DedicatedWorker dedicated(WorkerProcess worker, Duration time, List<RuleViolation> incidental) {
        return new DedicatedWorker(worker, "L1", Timeouts.of(time, Duration.ZERO), SHAPE, incidental::add);
    }

    private static WorkerProcess start(String script) throws StartFailure {
        return WorkerProcess.start(Launch.of(List.of("/bin/sh", "-c", script)));
    }
}
