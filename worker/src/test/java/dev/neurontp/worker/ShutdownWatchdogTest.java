package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WorkerRequest;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.worker.PendingRequests.Pending;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.Stderr;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The bounded way out, with bounds short enough for a test. */
class ShutdownWatchdogTest {
    private static final ShutdownWatchdog.Bounds SHORT =
            new ShutdownWatchdog.Bounds(Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofMillis(100));
    private static final int NOT_HALTED = -1;

    private final CountDownLatch aborted = new CountDownLatch(1);
    private final CountDownLatch halted = new CountDownLatch(1);
    private final AtomicInteger haltCode = new AtomicInteger(NOT_HALTED);
    private final Log log = new Log(Stderr.stream(), Log.Level.OFF, "rank=0", false, Clock.systemUTC());
    private final Communicator hanging = new Communicator() {
        @Override
        public void init(String commId) {}

        @Override
        public long allReduceSum(long value) {
            return value;
        }

        @Override
        public void abort() {
            aborted.countDown();
            hang();
        }

        @Override
        public void close() {
            hang();
        }

        private void hang() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    };
    private final ShutdownWatchdog ending = new ShutdownWatchdog(
            new Rank(new RankIdentity(0, 1, 0), Stage.S7A_II, hanging, log), SHORT, () -> false, this::halt, log);

    private void halt(int code) {
        haltCode.set(code);
        halted.countDown();
    }

    @Test
    void anAnswerThatNeitherComesNorAbortsIsHaltedWithZero() throws InterruptedException {
        ending.begin();
        assertThat(halted.await(ProgramProcess.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(aborted.getCount()).isZero();
        assertThat(haltCode).hasValue(ExitCode.OK);
    }

    @Test
    void aReplyThatNobodyReadsIsHaltedWithAnError() throws InterruptedException {
        ending.writing(true);
        ending.begin();
        assertThat(halted.await(ProgramProcess.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(haltCode).hasValue(ExitCode.FAILED);
    }

    @Test
    void aCloseThatHangsIsLeftBehindAndNothingIsHalted() throws InterruptedException {
        ending.begin();
        ending.finish();
        assertThat(halted.await(500, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(aborted.getCount()).isOne();
    }

    @Test
    void pendingRequestsAreBoundedInNumberAndKeepTheirOrder() throws InterruptedException {
        PendingRequests pending = new PendingRequests();
        for (int i = 0; i < PendingRequests.MAX_NUMBER; i++) {
            assertThat(pending.offer(Pending.ask(new WorkerRequest.Init("" + i)), 0))
                    .isTrue();
        }
        assertThat(pending.offer(Pending.ask(new WorkerRequest.Ping()), 0)).isFalse();
        pending.end();
        for (int i = 0; i < PendingRequests.MAX_NUMBER; i++) {
            assertThat(pending.take().request()).isEqualTo(new WorkerRequest.Init("" + i));
        }
        assertThat(pending.take()).isNull();
    }

    @Test
    void pendingRequestsAreBoundedInSizeAndOneOfTheFullSizeFits() throws InterruptedException {
        PendingRequests pending = new PendingRequests();
        Pending huge = Pending.ask(new WorkerRequest.Init("a".repeat(16 * 1024 * 1024)));
        assertThat(pending.offer(huge, 0)).isTrue();
        assertThat(pending.offer(huge, 0)).isFalse();
        assertThat(pending.take()).isSameAs(huge);
        assertThat(pending.offer(huge, 0)).isTrue();
    }
}
