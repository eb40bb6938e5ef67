package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.process.Deadline;
import dev.neurontp.conformance.process.LaunchSettings;
import dev.neurontp.conformance.process.StartFailure;
import dev.neurontp.conformance.process.WorkerProcess;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.junit.jupiter.api.Test;

class WorkerLauncherTest {
    /** Nobody can ask the kernel once it has ended. */
    @Test
    void whatAWorkerUsesIsLookedAtWhileItLives() throws Exception {
        String spin = "i=0; while [ $i -lt 400000 ]; do i=$((i + 1)); done";
        try (WorkerLauncher launcher = new WorkerLauncher(List.of("sh", "-c", spin), LaunchSettings.INHERITED)) {
            WorkerProcess worker = launcher.start(List.of(), Map.of(), false);
            assertThat(worker.ending(Deadline.in(Duration.ofSeconds(60)))).isPresent();
            assertThat(worker.cpuTime()).isPositive();
        }
    }

    /** As at the end of a run on a host at a limit on threads: no thread is needed, and all are ended. */
    @Test
    void allWorkersAreEndedWhereThereIsNoThread() throws Exception {
        Process judge = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=" + NoThreads.class.getName(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Judge.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = judge.inputReader()) {
            assertThat(out.readAllAsString()).isEqualTo("ended 6 of 6\n");
        } finally {
            judge.destroyForcibly();
        }
    }

    /** Of the JVM's own pool. */
    public static final class NoThreads implements ForkJoinPool.ForkJoinWorkerThreadFactory {
        @Override
        public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    /** Starts workers, closes their launcher, and says how many of them have ended. */
    static final class Judge {
        private Judge() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws StartFailure {
            List<WorkerProcess> workers = new ArrayList<>();
            try (WorkerLauncher launcher = new WorkerLauncher(List.of("sleep", "300"), LaunchSettings.INHERITED)) {
                for (int i = 0; i < 6; i++) {
                    workers.add(launcher.start(List.of(), Map.of(), false));
                }
            }
            System.out.println("ended "
                    + workers.stream()
                            .filter(worker -> worker.ending().isPresent())
                            .count()
                    + " of " + workers.size());
        }
    }
}
