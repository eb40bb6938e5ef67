package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may interrupt whom. */
@Timeout(60)
class PreemptionTest {
    private static final Duration FOREVER = Duration.ofMinutes(30);
    private static final Deadlines LONG = Deadlines.DEFAULT
            .withReady(FOREVER)
            .withInit(FOREVER)
            .withPing(FOREVER)
            .withEnd(FOREVER, Duration.ofSeconds(10), Duration.ofSeconds(10));

    @FunctionalInterface
    private interface Call {
        Object run() throws Exception;
    }

    @Test
    void aShutdownDoesNotWaitForAHangingInit() throws Exception {
        try (TestPool test = TestPool.of("silent@1#2,silent@2#2", 3, LONG)) {
            CompletableFuture<Object> init = hangingInit(test);
            ShutdownReport report = test.pool.shutdown();
            assertThat(report.gone()).isTrue();
            assertThat(report.of(1).steps()).containsExactly("SIGTERM");
            assertEndedBy(init, "init was stopped after ");
            assertThat(test.communicators.aborted.getCount()).isZero();
            assertThat(test.pool.state().state()).isEqualTo(PoolState.GONE);
        }
    }

    @Test
    void aCloseDoesNotWaitForAHangingInit() throws Exception {
        try (TestPool test = TestPool.of("silent@1#2", 2, LONG)) {
            CompletableFuture<Object> init = hangingInit(test);
            test.pool.close();
            assertEndedBy(init, "init was stopped after ");
        }
    }

    /** A reply that the kill has cut, and an answer that it has provoked, are no reasons of that end. */
    @ParameterizedTest
    @ValueSource(strings = {"half-stays@1#2", "refuses-at-term@1#2"})
    void whatAKillBringsAboutIsNoFailure(String fault) throws Exception {
        try (TestPool test = TestPool.of(fault, 2, LONG)) {
            CompletableFuture<Object> init = hangingInit(test);
            assertThat(test.pool.kill().gone()).isTrue();
            assertEndedBy(init, "init was stopped after ");
            assertThat(test.pool.state().reason()).isEmpty();
            assertThat(test.pool.failure()).isEmpty();
            assertThat(test.events).noneMatch(PoolEvent.RankFailed.class::isInstance);
        }
    }

    @Test
    void aPingDuringAnInitIsRefusedAsThePoolIsBusy() throws Exception {
        try (TestPool test = TestPool.of("silent@1#2", 2, TestPool.DEADLINES)) {
            CompletableFuture<Object> init = hangingInit(test);
            assertThatThrownBy(test.pool::pingAll)
                    .isInstanceOfSatisfying(
                            PoolException.Busy.class,
                            busy -> assertThat(busy.op()).isEqualTo(Operation.INIT.name()))
                    .hasMessageMatching("busy: init, \\d s of 30 s");
            assertThat(test.pool.state().busy())
                    .hasValueSatisfying(busy -> assertThat(busy).startsWith("init, "));
            assertThat(init).isNotDone();
        }
    }

    @Test
    void aShutdownDuringAPingStillGetsItsBye() throws Exception {
        try (TestPool test = TestPool.of("late@1#2", 3, LONG)) {
            test.pool.pingAll();
            CompletableFuture<Object> ping = aside(test.pool::pingAll);
            Awaitility.await().until(() -> test.pool.state().busy().isPresent());
            ShutdownReport report = test.pool.shutdown();
            assertThat(report.clean()).as(report.toString()).isTrue();
            assertEndedBy(ping, "ping was stopped after ");
        }
    }

    @RepeatedTest(20)
    void aShutdownAmongManyPingsIsClean() throws Exception {
        try (TestPool test = TestPool.of("", 3)) {
            test.pool.pingAll();
            CompletableFuture<Object> pings = aside(() -> {
                while (true) {
                    test.pool.pingAll();
                }
            });
            ShutdownReport report = test.pool.shutdown();
            assertThat(report.clean()).as(report.toString()).isTrue();
            assertThatThrownBy(() -> pings.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(PoolException.Ended.class);
        }
    }

    @Test
    void aCloseCutsShortAShutdownThatWaits() throws Exception {
        try (TestPool test = TestPool.of("silent@1#2", 2, LONG)) {
            test.pool.pingAll();
            CompletableFuture<Object> shutdown = aside(test.pool::shutdown);
            Awaitility.await().until(() -> test.pool.state().ranks().get(1).state() == RankState.STOPPING);
            test.pool.close();
            ShutdownReport report = (ShutdownReport) shutdown.get(10, TimeUnit.SECONDS);
            assertThat(report.of(1).steps()).containsExactly("shutdown", "SIGTERM");
        }
    }

    @Test
    void anInterruptedCallerEndsThePool() throws Exception {
        try (TestPool test = TestPool.of("silent@1#2", 2, LONG)) {
            test.pool.pingAll();
            CompletableFuture<Object> outcome = new CompletableFuture<>();
            Thread caller = Thread.ofPlatform().daemon().start(() -> {
                try {
                    outcome.complete(test.pool.pingAll());
                } catch (PoolException | InterruptedException e) {
                    outcome.completeExceptionally(e);
                }
            });
            Awaitility.await().until(() -> test.pool.state().busy().isPresent());
            caller.interrupt();
            assertThatThrownBy(() -> outcome.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
            assertThat(FaultTest.failure(test.pool::pingAll).getMessage())
                    .startsWith("ping failed on rank 1 ")
                    .contains("the caller was interrupted before it answered");
        }
    }

    @Test
    void theErrorOfAnAbortedRankZeroIsNoFault() throws Exception {
        try (TestPool test = TestPool.of("silent@1#2", 2, LONG)) {
            CompletableFuture<Object> init = hangingInit(test);
            test.pool.kill();
            assertEndedBy(init, "init was stopped after ");
            assertThat(test.communicators.aborted.getCount()).isZero();
            assertThat(test.events).noneMatch(PoolEvent.RankFailed.class::isInstance);
            assertThat(test.pool.state().reason()).isEmpty();
        }
    }

    @Test
    void anAbortThatHangsInRankZeroIsBounded() throws Exception {
        Deadlines hasty = LONG.withEnd(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5));
        try (TestPool test = TestPool.of("", 2, hasty)) {
            test.communicators.abortHangs = true;
            CompletableFuture<Object> init = hangingInit(test);
            ShutdownReport report = test.pool.shutdown();
            assertThat(report.of(0).gone()).isFalse();
            assertThat(report.of(0).describe()).isEqualTo("did not leave its communicator: its thread was abandoned");
            assertThat(report.of(1).gone()).isTrue();
            assertEndedBy(init, "init was stopped after ");
            test.communicators.abortReleased.countDown();
        }
    }

    @Test
    void aCommIdThatIsNeverCreatedEndsAtTheDeadline() throws Exception {
        Deadlines hasty = TestPool.DEADLINES
                .withSanity(Duration.ofMillis(300))
                .withInit(Duration.ofMillis(300))
                .withEnd(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5));
        try (TestPool test = TestPool.of("", 2, hasty)) {
            test.communicators.serving = ScriptedCommunicators.Way.BLOCKS;
            assertThat(FaultTest.failure(test.pool::init).getMessage())
                    .startsWith("init failed on rank 0 ")
                    .contains("the leader could not create a comm_id within 300 ms");
            test.communicators.aborted.countDown();
        }
    }

    @Test
    void callsInTheWrongOrderAreRefusedAndHarmNothing() throws Exception {
        try (TestPool test = TestPool.of("", 2)) {
            test.pool.pingAll();
            assertThatThrownBy(test.pool::sanityCheck)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("sanity check: this pool has not joined, init comes first");
            test.pool.init();
            assertThatThrownBy(test.pool::init)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("this pool has joined already");
            assertThat(test.pool.sanityCheck().first().observedSum()).isEqualTo(2);
        }
    }

    @Test
    void aListenerThatThrowsHarmsNothing() throws Exception {
        try (TestPool test = TestPool.of(
                "",
                2,
                options -> options.withListener(event -> {
                            throw new IllegalStateException("listener");
                        })
                        .withStderr((rank, line) -> {
                            throw new IllegalStateException("stderr listener");
                        }))) {
            test.pool.pingAll();
            assertThat(test.pool.shutdown().clean()).isTrue();
        }
    }

    @Test
    void theListenerIsCalledWithTheStatesOfPoolAndRanks() throws Exception {
        try (TestPool test = TestPool.of("", 2)) {
            test.pool.init();
            test.pool.shutdown();
            assertThat(test.events)
                    .filteredOn(PoolEvent.PoolChanged.class::isInstance)
                    .extracting(event -> ((PoolEvent.PoolChanged) event).state())
                    .containsExactly(
                            PoolState.READY, PoolState.JOINING, PoolState.JOINED, PoolState.STOPPING, PoolState.GONE);
            assertThat(test.events)
                    .filteredOn(event -> event instanceof PoolEvent.RankChanged changed && changed.rank() == 0)
                    .extracting(event -> ((PoolEvent.RankChanged) event).state())
                    .containsExactly(RankState.JOINING, RankState.JOINED, RankState.STOPPING, RankState.GONE);
            assertThat(test.events)
                    .filteredOn(PoolEvent.RankEnded.class::isInstance)
                    .hasSize(2);
        }
    }

    private static CompletableFuture<Object> hangingInit(TestPool test) throws Exception {
        test.communicators.joining = ScriptedCommunicators.Way.BLOCKS;
        CompletableFuture<Object> init = aside(test.pool::init);
        assertThat(test.communicators.blocked.await(10, TimeUnit.SECONDS)).isTrue();
        return init;
    }

    private static void assertEndedBy(CompletableFuture<Object> call, String message) {
        assertThatThrownBy(() -> call.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(PoolException.Ended.class)
                .hasMessageStartingWith(message)
                .hasMessageEndingWith(": the pool was shut down");
    }

    private static CompletableFuture<Object> aside(Call call) {
        CompletableFuture<Object> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(call.run());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
