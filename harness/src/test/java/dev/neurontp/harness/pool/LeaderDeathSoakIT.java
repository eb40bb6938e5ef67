package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** L5 a hundred times, on a host whose cores are all busy: how long workers outlive a leader that SIGKILL ended. */
@Tag("soak")
class LeaderDeathSoakIT {
    private static final int ROUNDS = 100;
    private static final Duration PROMISED = Duration.ofSeconds(2);
    private static final Duration MEASURED_UP_TO = Duration.ofSeconds(30);

    private final List<Process> load = new ArrayList<>();

    @BeforeEach
    void keepEveryCoreBusy() throws Exception {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            load.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
        }
    }

    @AfterEach
    void letThemGo() {
        load.forEach(Process::destroyForcibly);
    }

    /** An idle pool; and at any moment, most of all while the workers start. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Timeout(1200)
    void workersFollowAKilledLeader(boolean idle) throws Exception {
        Random random = new Random(19);
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            try (LeaderProcess leader =
                    LeaderProcess.start(LeaderProcess.leader("idle", 3, RealWorkers.COMMAND), Map.of())) {
                if (idle) {
                    leader.awaitReady(2);
                }
                // Not to wait for anything: to strike at another moment each time.
                Thread.sleep(random.nextInt(idle ? 300 : 2500));
                leader.kill();
                took.add(leader.awaitNothingLeft(MEASURED_UP_TO));
            }
        }
        took.sort(null);
        System.out.println("idle " + idle + ": of " + ROUNDS + " kills the median was gone after "
                + took.get(ROUNDS / 2) + ", the last after " + took.getLast());
        assertThat(took.getLast()).isLessThan(PROMISED);
    }
}
