package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.WorkerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** Any calls in any order, with any fault at any point: what comes back is right, and everything ends. */
class PoolScriptProperties {
    private static final Deadlines DEADLINES = Deadlines.DEFAULT
            .withPing(Duration.ofSeconds(2))
            .withReady(Duration.ofSeconds(5))
            .withSanity(Duration.ofSeconds(2))
            .withInit(Duration.ofSeconds(2))
            .withEnd(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(5));

    /** Longer than every deadline of a call and its end together. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    enum Call {
        PING,
        INIT,
        SANITY,
        SHUTDOWN,
        CLOSE
    }

    /** One fault: at which rank, at its which request; and whether the request that it strikes still succeeds. */
    record Fault(String name, int rank, int request) {
        boolean strikesLater() {
            return name.equals("twice");
        }
    }

    record Script(List<Call> calls, Fault fault, int worldSize) {}

    @Provide
    Arbitrary<Script> scripts() {
        Arbitrary<Fault> faults = Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(
                                        12,
                                        Arbitraries.of(
                                                "not-json",
                                                "noise",
                                                "half",
                                                "unknown-op",
                                                "error",
                                                "closes-stdout",
                                                "dies",
                                                "killed",
                                                "twice")),
                                Tuple.of(1, Arbitraries.just("silent"))),
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 5))
                .as(Fault::new);
        Arbitrary<List<Call>> calls = Arbitraries.frequency(
                        Tuple.of(4, Call.PING),
                        Tuple.of(3, Call.INIT),
                        Tuple.of(3, Call.SANITY),
                        Tuple.of(1, Call.SHUTDOWN),
                        Tuple.of(1, Call.CLOSE))
                .list()
                .ofMaxSize(7);
        return Combinators.combine(calls, faults, Arbitraries.integers().between(2, 3))
                .as(Script::new);
    }

    @Property(tries = 80, shrinking = ShrinkingMode.OFF)
    void everyScriptEndsInGone(@ForAll("scripts") Script script) throws Exception {
        Fault fault = script.fault();
        Expected expected = new Expected(script);
        String spec = fault.name() + "@" + fault.rank() + "#" + fault.request();
        try (TestPool test = TestPool.of(spec, script.worldSize(), DEADLINES)) {
            for (Call call : script.calls()) {
                Instant began = Instant.now();
                expected.check(call, test);
                assertThat(Duration.between(began, Instant.now())).isLessThan(BOUND);
            }
        }
    }

    /** The same life on paper: what every call must come to. */
    private static final class Expected {
        private final Fault fault;
        private final int worldSize;
        private final boolean faulty;
        private int requests;
        private boolean joined;
        private boolean struck;
        private boolean ended;
        private PoolFailure failure;

        Expected(Script script) {
            this.fault = script.fault();
            this.worldSize = script.worldSize();
            this.faulty = fault.rank() < worldSize;
        }

        void check(Call call, TestPool test) throws InterruptedException {
            try {
                run(call, test);
            } catch (PoolFailure e) {
                assertThat(struck)
                        .as("failed by the fault and nothing else: " + e.getMessage())
                        .isTrue();
                assertThat(e.first().rank()).isEqualTo(fault.rank());
                if (failure != null) {
                    assertThat(e).isSameAs(failure);
                }
                failure = e;
            } catch (PoolException.Ended e) {
                assertThat(ended).as(e.getMessage()).isTrue();
            } catch (PoolException e) {
                throw new AssertionError("nothing else is in flight", e);
            }
        }

        private void run(Call call, TestPool test) throws PoolException, InterruptedException {
            switch (call) {
                case PING -> {
                    request();
                    OperationResult<WorkerResponse.Pong> result = test.pool.pingAll();
                    mustHaveWorked();
                    assertThat(result.ranks()).hasSize(worldSize - 1);
                }
                case INIT -> init(test);
                case SANITY -> sanity(test);
                case SHUTDOWN -> {
                    boolean live = !ended && failure == null && !struck;
                    request();
                    ended = true;
                    ShutdownReport report = test.pool.shutdown();
                    assertThat(report.gone()).isTrue();
                    if (live && !struck) {
                        assertThat(report.clean()).as(report.toString()).isTrue();
                    }
                }
                case CLOSE -> {
                    ended = true;
                    test.pool.close();
                }
            }
        }

        private void init(TestPool test) throws PoolException, InterruptedException {
            try {
                if (requests == 0) {
                    request();
                }
                if (!joined && !(struck && !fault.strikesLater())) {
                    request();
                }
                OperationResult<WorkerResponse.InitOk> result = test.pool.init();
                mustHaveWorked();
                joined = true;
                assertThat(result.ranks()).hasSize(worldSize);
            } catch (IllegalStateException e) {
                assertThat(joined).isTrue();
            }
        }

        private void sanity(TestPool test) throws PoolException, InterruptedException {
            if (joined) {
                request();
            }
            try {
                OperationResult<WorkerResponse.NcclSanityResult> result = test.pool.sanityCheck();
                mustHaveWorked();
                assertThat(result.first().observedSum()).isEqualTo(worldSize);
            } catch (IllegalStateException e) {
                assertThat(joined).isFalse();
            }
        }

        private void request() {
            if (!ended && failure == null) {
                requests++;
                struck |= faulty && requests == fault.request();
            }
        }

        private void mustHaveWorked() {
            assertThat(ended).isFalse();
            assertThat(failure).isNull();
            assertThat(struck && !fault.strikesLater())
                    .as("a result although the fault struck")
                    .isFalse();
        }
    }
}
