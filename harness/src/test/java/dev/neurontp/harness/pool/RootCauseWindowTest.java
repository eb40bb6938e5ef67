package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ranks that waited for another one in vain are not the cause: it is looked for among the others. */
@Timeout(60)
class RootCauseWindowTest {
    private static final Deadlines SHORT =
            TestPool.DEADLINES.withSanity(Duration.ofSeconds(1)).withInit(Duration.ofSeconds(2));

    private static PoolFailure failedInit(TestPool test) {
        return catchThrowableOfType(PoolFailure.class, test.pool::init);
    }

    private static List<Integer> ranks(PoolFailure failure) {
        return failure.failures().stream().map(RankFailure::rank).toList();
    }

    @Test
    void theRankThatReportsNothingIsNamedBeforeThoseThatWaitedForIt() throws Exception {
        try (TestPool test = TestPool.of("waited@1#2,silent@2#2,waited@3#2", 4, SHORT)) {
            PoolFailure failure = failedInit(test);

            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 2 (pid " + test.pid(2) + ") after ")
                    .contains(
                            "it is the one that the others waited for",
                            "and then init failed on ranks 1 and 3: it answered")
                    .doesNotContain("all ranks waited");
            assertThat(ranks(failure)).startsWith(2).containsExactlyInAnyOrder(1, 2, 3);
            assertThat(failure.first().kind()).isEqualTo("timeout");
        }
    }

    @Test
    void theLeadersOwnRankIsNamedTooWhenItIsTheOneThatHangs() throws Exception {
        try (TestPool test = TestPool.of("waited@1#2,waited@2#2", 3, SHORT)) {
            test.communicators.joining = ScriptedCommunicators.Way.BLOCKS;
            PoolFailure failure = failedInit(test);

            assertThat(ranks(failure)).startsWith(0).containsExactlyInAnyOrder(0, 1, 2);
            assertThat(failure.first().reason()).contains("the others waited for");
        }
    }

    @Test
    void aRankWithAReasonOfItsOwnIsNamedBeforeThoseThatWaited() throws Exception {
        try (TestPool test = TestPool.of("waited@1#2,error-later@2#2", 3)) {
            test.communicators.joining = ScriptedCommunicators.Way.WAITS_IN_VAIN;
            PoolFailure failure = failedInit(test);

            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 2 ")
                    .contains("device 1 is busy");
            assertThat(ranks(failure)).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    @Test
    void aBrokenLinkIsTheConsequenceOfTheErrorAtItsOtherEnd() throws Exception {
        try (TestPool test = TestPool.of("link-lost@1#2,error-later@2#2", 3)) {
            PoolFailure failure = failedInit(test);

            assertThat(failure.getMessage())
                    .startsWith("init failed on rank 2 ")
                    .contains("device 1 is busy");
            assertThat(ranks(failure)).containsExactly(2, 1);
        }
    }

    @Test
    void whereAllWaitedForEachOtherNoRankIsCalledMissing() throws Exception {
        try (TestPool test = TestPool.of("waited@1#2,waited@2#2", 3)) {
            test.communicators.joining = ScriptedCommunicators.Way.WAITS_IN_VAIN;
            PoolFailure failure = failedInit(test);

            assertThat(ranks(failure)).containsExactlyInAnyOrder(0, 1, 2);
            assertThat(failure.getMessage()).contains("\nall ranks waited for each other: no process is missing");
        }
    }

    /** Their errors can be seen before the exit that caused them. */
    @Test
    void anErrorWaitsAMomentForAnExitAndAnExitForNothing() {
        WorkerResponse.Error refusal = WorkerResponse.Error.of(ErrorKind.NCCL_INIT_FAILED, "device 1 is busy");
        RankFault refused = RankFault.refusal(1, Operation.INIT.name(), Duration.ZERO, refusal);
        RankFault died =
                RankFault.of(1, Operation.INIT.name(), Duration.ZERO, RankFault.Nature.EXITED, "its process ended");

        assertThat(new RootCauseWindow(refused, null, () -> {}, (rank, awaited) -> {}).bound())
                .isBetween(Duration.ofMillis(10), Duration.ofSeconds(1));
        assertThat(new RootCauseWindow(died, null, () -> {}, (rank, awaited) -> {}).bound())
                .isZero();
    }

    /** Else the end of the first one would show as the fault of a rank that is named a moment later. */
    @Test
    void noRankIsEndedBeforeAllThatWereSilentAreNoted() throws Exception {
        Queue<PoolEvent> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch ended = new CountDownLatch(1);
        PoolEvent.Listener slow = event -> {
            boolean begun = seen.stream().anyMatch(PoolEvent.RankFailed.class::isInstance);
            seen.add(event);
            if (event instanceof PoolEvent.RankEnded) {
                ended.countDown();
            } else if (begun && event instanceof PoolEvent.RankFailed) {
                // The first one has begun the end.
                awaitBriefly(ended);
            }
        };
        try (TestPool test = TestPool.of(
                "silent@1#2,silent@2#2,silent@3#2",
                4,
                options -> options.withDeadlines(SHORT).withListener(slow))) {
            PoolFailure failure = failedInit(test);

            assertThat(failure.failures())
                    .extracting(RankFailure::rank, RankFailure::kind)
                    .containsExactly(tuple(1, "timeout"), tuple(2, "timeout"), tuple(3, "timeout"));
            assertThat(seen)
                    .filteredOn(event -> event instanceof PoolEvent.RankFailed || event instanceof PoolEvent.RankEnded)
                    .extracting(Object::getClass)
                    .startsWith(PoolEvent.RankFailed.class, PoolEvent.RankFailed.class, PoolEvent.RankFailed.class);
        }
    }

    private static void awaitBriefly(CountDownLatch latch) {
        try {
            latch.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Both deadlines are far away: only closing the window brings the failure. */
    @Test
    void anEndDoesNotWaitForTheWindow() throws Exception {
        Deadlines distant = TestPool.DEADLINES.withInit(Duration.ofHours(2));
        try (TestPool test = TestPool.of("waited@1#2,silent@2#2", 3, distant)) {
            Thread joining = Thread.ofVirtual().start(() -> failedInit(test));
            Awaitility.await().until(() -> test.pool.state().state() == PoolState.FAILED);

            test.pool.shutdown();

            joining.join();
            test.assertNothingLeft();
        }
    }
}
