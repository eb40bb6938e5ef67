package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many pools one after another leave nothing behind: no process, no thread, no descriptor, no file. */
@Tag("long")
class LeakTest {
    private static final int ROUNDS = 20;

    @TempDir
    private Path temporary;

    @Test
    @Timeout(120)
    void poolsThatAreShutDownLeaveNothing() throws Exception {
        rounds("", false);
    }

    @Test
    @Timeout(120)
    void poolsThatFailLeaveNothing() throws Exception {
        rounds("grandchild@1,dies@2#1", true);
    }

    @Tag("long")
    @Test
    @Timeout(120)
    void workersThatDaemoniseLeaveNothing() throws Exception {
        rounds("daemonised@1,nameless@2", false);
    }

    /** Its exit hook would keep it, and all that it knows, until the JVM ends. */
    @Test
    @Timeout(60)
    void aPoolThatHasEndedIsForgotten() throws Exception {
        WeakReference<WorkerPool> pool = ended();

        Awaitility.await().until(() -> {
            System.gc();
            return pool.refersTo(null);
        });
    }

    private static WeakReference<WorkerPool> ended() throws Exception {
        try (TestPool test = TestPool.of("", 2)) {
            test.pool.endOnExit();
            test.pool.shutdown();
            return new WeakReference<>(test.pool);
        }
    }

    @Test
    @Tag("soak")
    @Timeout(600)
    void aGibibyteOnStderrDoesNotStopThePings() throws Exception {
        StderrFaultTest.flood(1L << 30, 1000);
    }

    private void rounds(String faults, boolean fails) throws Exception {
        Map<String, String> temp = Map.of("TMPDIR", temporary.toString());
        String mark = one(faults, temp, fails);
        ResourceBaseline before = ResourceBaseline.take();
        for (int i = 0; i < ROUNDS; i++) {
            mark = one(faults, temp, fails);
        }
        before.assertUnchanged(mark, temporary);
    }

    private static String one(String faults, Map<String, String> more, boolean fails) throws Exception {
        try (TestPool test = TestPool.of(faults, 3, options -> {
            Map<String, String> environment = new HashMap<>(options.environment());
            environment.putAll(more);
            return options.withEnvironment(environment);
        })) {
            if (fails) {
                FaultTest.failure(test.pool::pingAll);
            } else {
                test.pool.init();
                assertThat(test.pool.shutdown().clean()).isEqualTo(faults.isEmpty());
            }
            return test.mark;
        }
    }
}
