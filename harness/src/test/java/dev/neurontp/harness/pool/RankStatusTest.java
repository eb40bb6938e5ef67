package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RankStatusTest {
    private final List<RankState> states = new ArrayList<>();
    private final List<RankFault> faults = new ArrayList<>();
    private final PoolRank rank = new LocalRank(new RankIdentity(0, 2, 0), new ScriptedCommunicators());
    private final RankStatus status = new RankStatus(rank, RankState.READY);

    RankStatusTest() {
        status.listener(new PoolRank.Listener() {
            @Override
            public void failed(PoolRank failed, RankFault fault) {
                faults.add(fault);
            }

            @Override
            public void moved(PoolRank moved, RankState state) {
                states.add(state);
            }
        });
    }

    @Test
    void aRankThatIsGoneStaysGone() {
        status.move(RankState.GONE);
        status.move(RankState.FAILED);

        assertThat(states).containsExactly(RankState.GONE);
    }

    @Test
    void aRankThatHasFailedCanOnlyEnd() {
        status.move(RankState.FAILED);
        status.move(RankState.JOINED);
        status.move(RankState.STOPPING);
        status.move(RankState.LOST);
        status.move(RankState.FAILED);
        status.move(RankState.GONE);

        assertThat(states).containsExactly(RankState.FAILED, RankState.LOST, RankState.GONE);
    }

    @Test
    void statesAreToldInTheOrderInWhichTheyWereTaken() throws Exception {
        CountDownLatch telling = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        status.listener(new PoolRank.Listener() {
            @Override
            public void failed(PoolRank failed, RankFault fault) {}

            @Override
            public void moved(PoolRank moved, RankState state) {
                if (state == RankState.JOINED) {
                    telling.countDown();
                    await(go);
                }
                states.add(state);
            }
        });
        Thread joins = Thread.ofVirtual().start(() -> status.move(RankState.JOINED));
        telling.await();
        Thread fails = Thread.ofPlatform().start(() -> status.move(RankState.FAILED));
        fails.join(Duration.ofMillis(200));
        go.countDown();
        joins.join();
        fails.join();

        assertThat(states).containsExactly(RankState.JOINED, RankState.FAILED);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void onlyTheFirstFaultIsPassedOnAndItsExchangeKnows() {
        Exchange<?> exchange = new Exchange<>(Operation.INIT, Duration.ofMinutes(1), List.of(rank));

        status.fail(exchange, RankFault.Nature.TIMEOUT, "it did not answer");
        status.fail(null, RankFault.Nature.EXITED, "its process ended");

        assertThat(faults).extracting(RankFault::reason).containsExactly("it did not answer");
        assertThat(exchange.hasReported(0)).isTrue();
    }
}
