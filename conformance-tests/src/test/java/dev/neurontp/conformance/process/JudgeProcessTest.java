package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of a worker when the process that judges it is started or ended in an odd way: a JVM of its own here. */
final class JudgeProcessTest {

    private static final String DEAF = "trap '' HUP TERM INT; while :; do sleep 1; done";

    @Test
    void aWorkerThatIgnoresTheEndOfItsInputIsEndedWhenItsJudgeIsKilled() throws IOException {
        Process judge = start(List.of(), DEAF, "WAIT");
        try (BufferedReader out = judge.inputReader()) {
            long worker = Long.parseLong(out.readLine());
            assertThat(lives(worker)).isTrue();
            judge.destroyForcibly();
            Awaitility.await().untilAsserted(() -> assertThat(lives(worker)).isFalse());
        } finally {
            judge.destroyForcibly();
        }
    }

    /** The kernel may end the guard for lack of memory, as any process. */
    @Test
    void aGuardThatWasKilledIsStartedAgainWithTheNextWorker() throws IOException {
        Process judge = start(List.of(), DEAF, "AGAIN");
        try (BufferedReader out = judge.inputReader();
                Writer in = judge.outputWriter()) {
            long first = Long.parseLong(out.readLine());
            ProcessHandle guard = guard(judge);
            guard.destroyForcibly();
            // Its parent has seen its end once it is gone from the list of processes.
            Awaitility.await().until(() -> !guard.isAlive());
            in.write("again\n");
            in.flush();
            long second = Long.parseLong(out.readLine());
            judge.destroyForcibly();
            Awaitility.await().untilAsserted(() -> assertThat(lives(second)).isFalse());
            Awaitility.await().untilAsserted(() -> assertThat(lives(first)).isFalse());
        } finally {
            judge.destroyForcibly();
        }
    }

    private static ProcessHandle guard(Process judge) {
        return Awaitility.await()
                .until(
                        () -> judge.children()
                                .filter(child -> child.info()
                                        .commandLine()
                                        .filter(line -> line.contains("neurontp-guard"))
                                        .isPresent())
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** As behind the &amp; of a script, or in CI: who starts the judge ignores signals, and every child inherits that. */
    @Test
    void aWorkerHearsSignalsThatItsJudgeIgnores() throws IOException {
        List<String> deafShell = List.of("/bin/sh", "-c", "trap '' INT TERM; exec \"$@\"", "sh");
        for (String signal : List.of("INT", "TERM")) {
            Process judge = start(deafShell, "exec cat", signal);
            try (BufferedReader out = judge.inputReader()) {
                out.readLine();
                assertThat(out.readLine()).as("SIG%s", signal).isEqualTo(signal.equals("INT") ? "130" : "143");
            } finally {
                judge.destroyForcibly();
            }
        }
    }

    private static Process start(List<String> before, String script, String what) throws IOException {
        List<String> line = new ArrayList<>(before);
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                place(WorkerProcess.class) + ":" + place(Judge.class),
                Judge.class.getName(),
                script,
                what));
        return new ProcessBuilder(line)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean lives(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    /** Starts a worker, prints its pid, and waits; or starts one more when it is told; or sends it a signal, and prints its exit code. */
    static final class Judge {

        private Judge() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) throws StartFailure, IOException {
            Launch launch = Launch.of(List.of("/bin/sh", "-c", arguments[0]));
            try (WorkerProcess worker = WorkerProcess.start(launch)) {
                System.out.println(worker.pid());
                if (arguments[1].equals("AGAIN")) {
                    System.in.read();
                    System.out.println(WorkerProcess.start(launch).pid());
                }
                Deadline deadline = Deadline.in(Duration.ofSeconds(60));
                if (!List.of("WAIT", "AGAIN").contains(arguments[1])) {
                    // What cat sends back says that it runs.
                    worker.write(new byte[] {'1', '\n'});
                    worker.next(deadline);
                    worker.signal(arguments[1]);
                }
                System.out.println(
                        worker.ending(deadline).map(ExitStatus::exitCode).orElse(-1));
            }
        }
    }
}
