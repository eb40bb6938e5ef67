package dev.neurontp.conformance.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.Launch;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
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

    /** A reader without a turn, as on a busy host: what waits in the pipe of a worker that has ended was said by it. */
    @Test
    void theRestOfAWorkerIsWhatItSaidHoweverLateItIsRead() throws Exception {
        try (WorkerProcess worker = late()) {
            DedicatedWorker dedicated = dedicated(worker, Duration.ofSeconds(60));
            assertThat(whileNotRead(worker, () -> dedicated.rest("bye"))).hasSize(1);
        }
    }

    @Test
    void aShutdownHearsWhatWasSaidHoweverLateItIsRead() throws Exception {
        try (WorkerProcess worker = late()) {
            WorkerShutdown shutdown = new WorkerShutdown(worker, SHAPE, Duration.ofSeconds(60));
            assertThat(whileNotRead(worker, () -> shutdown.close(true))).contains("shutdown, bye,");
        }
    }

    /** Its last words wait in the pipe: the reader takes one more line, which it waits for already, and stops. */
    private static WorkerProcess late() throws StartFailure {
        WorkerProcess worker = start(
                "for op in pong pong bye; do read line; echo \"{\\\"op\\\":\\\"$op\\\"}\"; done; read line; exit 0");
        hear(worker);
        await().until(worker::isHeardOut);
        worker.pauseReading();
        hear(worker);
        return worker;
    }

    private static void hear(WorkerProcess worker) {
        worker.write("x\n".getBytes(UTF_8));
        assertThat(worker.next(Deadline.in(Duration.ofSeconds(30)))).isPresent();
    }

    private static <T> T whileNotRead(WorkerProcess worker, Callable<T> listener) throws Exception {
        FutureTask<T> task = new FutureTask<>(listener);
        Thread.startVirtualThread(task);
        worker.write("y\nz\n".getBytes(UTF_8));
        await().until(() -> worker.ending().isPresent());
        await().during(Duration.ofSeconds(1)).until(() -> !task.isDone());
        worker.resumeReading();
        return task.get(60, TimeUnit.SECONDS);
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

    @Test
    void ofAReplyWithThousandsOfWrongFieldsSomeAreTold() throws StartFailure, RuleViolation {
        String fields = "awk 'BEGIN { for (i = 0; i < 50000; i++) printf \",\\\"f%d\\\":1\", i }'";
        try (WorkerProcess worker = start("printf '{\"op\":\"pong\"'; " + fields + "; echo '}'; exit 0")) {
            List<RuleViolation> told = new ArrayList<>();
            assertThat(dedicated(worker, Duration.ofSeconds(60), told).rest("nothing"))
                    .hasSize(1);
            assertThat(told).hasSizeBetween(100, 110);
            assertThat(told.getLast().got()).as("fields that lack are told too").startsWith("none in ");
        }
    }

    /** Before the first reply, as a worker that logs in JSON does: what is kept of it is a part of the judge's memory. */
    @Test
    void ofLargeLinesBeforeTheFirstReplyAFewAreKept() throws Exception {
        String large = "awk 'BEGIN { while (i++ < 100000) printf \"1234567890\" }'";
        String line = "printf '{\"log\":\"'; " + large + "; echo '\"}'; ";
        try (WorkerProcess worker = start("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do " + line
                + "done; echo '{\"op\":\"pong\"}'; cat")) {
            StartupProbe probe = new StartupProbe(worker, "none");
            assertThat(probe.ping(Duration.ofSeconds(60)).op()).contains("pong");
            assertThat(probe.seen()).hasSizeBetween(2, 15);
        }
    }

    private static DedicatedWorker dedicated(WorkerProcess worker, Duration time) {
        return dedicated(worker, time, new ArrayList<>());
    }

    private static DedicatedWorker dedicated(WorkerProcess worker, Duration time, List<RuleViolation> incidental) {
        return new DedicatedWorker(worker, "L1", Timeouts.of(time, Duration.ZERO, () -> 1), SHAPE, incidental::add);
    }

    private static WorkerProcess start(String script) throws StartFailure {
        return WorkerProcess.start(Launch.of(List.of("/bin/sh", "-c", script)));
    }
}
